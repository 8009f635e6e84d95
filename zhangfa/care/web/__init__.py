"""The browser side of care."""
