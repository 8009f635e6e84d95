"""The paper spine: one row per paper, its number, attachments, signatures, copies, comments and prints."""
