"""How a check is written: a module for each output format."""
