"""What apps above lend to the imports: tables that only mirror others and never stand in the way of taking back."""

from __future__ import annotations

# Labels like reports.rollup: rows reckoned from customers or orders, which whoever keeps them makes anew.
mirrors: set[str] = set()
