"""Pages of tasks and of outlets' problems."""
