"""Workbooks brought in: mapped, checked, staged, applied in chunks, undone."""
