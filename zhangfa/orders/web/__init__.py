"""Pages of the orders."""
