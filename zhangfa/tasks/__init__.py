"""Tasks given by a superior or a meeting: details, owner, finish time, standard of result, report back (X-7)."""
