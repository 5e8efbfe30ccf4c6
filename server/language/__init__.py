"""What an editor shows of a map's text beyond findings, in offsets and lines; `server/lsp` puts it into the protocol's words."""
