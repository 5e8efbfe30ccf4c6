"""The living process: command line, language server, and all reading and writing of files."""
