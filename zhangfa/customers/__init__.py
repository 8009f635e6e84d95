"""Customers: who is served, where, and who looks after them; personal data masked and revealed on the record."""
