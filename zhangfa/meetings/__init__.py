"""Meetings that decide: problem, draft solution, votes, resolutions with owners (AM-W1)."""
