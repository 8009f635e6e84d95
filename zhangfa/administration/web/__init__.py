"""Pages of the papers of administration."""
