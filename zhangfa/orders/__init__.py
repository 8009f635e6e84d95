"""Products and orders: what was agreed and served, as far as a case needs to know."""
