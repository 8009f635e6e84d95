"""Pages and page parts of papers."""
