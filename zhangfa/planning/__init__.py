"""Work plans from the company to the person, their progress, reviews and year-end summaries (AM-D5)."""
