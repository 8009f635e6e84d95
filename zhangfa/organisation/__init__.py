"""Who is who: units, posts, seats, holdings, people, users, and the actor behind every action."""
