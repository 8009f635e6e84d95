"""Speed at volume, as ratios to a bare project measured in the same sitting."""
