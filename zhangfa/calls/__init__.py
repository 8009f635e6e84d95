"""The call centre: who called, what about, and what came of it (CS-D1)."""
