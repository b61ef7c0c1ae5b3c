"""How the starter models are made: data, tokenizer, training, export, evaluation."""
