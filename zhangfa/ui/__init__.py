"""The shell and the generic pages: how things look and are filled in, whatever they are about."""
