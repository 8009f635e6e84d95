"""A small paper with pages of every kind: what the shell's own tests stand on."""
