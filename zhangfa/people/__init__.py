"""What the company knows of those it employs and sends out: so far, the papers a worker needs to be sent."""
