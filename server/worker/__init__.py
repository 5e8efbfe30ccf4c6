"""A process beside the language server for what takes long or may end in a crash: the model, and the files that are not open."""
