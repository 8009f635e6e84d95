"""Django's PostgreSQL engine, kept open between requests without a question at the start of each (ADR 0018)."""
