"""Telling people: notices inside the program, and the outbox towards mail and chat."""
