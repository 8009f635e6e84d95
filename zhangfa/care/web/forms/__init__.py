"""Forms of care: the same behind pages and interface."""
