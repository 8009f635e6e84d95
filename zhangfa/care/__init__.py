"""Customer care: care plans, visits, key accounts, promises (CS-W3, CS-W4)."""
