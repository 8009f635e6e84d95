"""Inspections and spot checks: prepared, asked, answered, put right (AM-W3, HS-W1.6)."""
