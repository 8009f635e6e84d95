"""Approvals: who decides a paper, the step that waits for them, and why it is theirs."""
