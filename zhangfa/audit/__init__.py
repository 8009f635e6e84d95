"""The audit trail: what happened, who looked, and the seals that prove nothing was changed."""
