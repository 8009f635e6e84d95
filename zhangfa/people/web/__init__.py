"""Pages of the workers' papers."""
