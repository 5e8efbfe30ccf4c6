"""The commands of `maimod`, a module each."""
