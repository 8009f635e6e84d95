"""Pages of the chart, the people, absences, logins and the company's settings."""
