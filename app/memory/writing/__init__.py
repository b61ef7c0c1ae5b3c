"""How memories come about: from turns, from commands, and from what is studied at idle."""
