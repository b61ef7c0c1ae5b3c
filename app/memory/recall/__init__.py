"""From a question to the memories that matter for it, and to the words a model is given of them."""
