"""Regulations and documents: drafted, issued, read, executed, repealed (AM-W2)."""
