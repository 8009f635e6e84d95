"""Duties: what each post owes and when, opened and closed by what happens, never by ticking a box (X-1)."""
