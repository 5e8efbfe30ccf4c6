"""The language server. Nothing here is imported before `maimod lsp` runs: the protocol's types take 0.3 s to import."""
