"""What apps above lend to the imports: tables that only mirror others and never stand in the way of taking back."""

from __future__ import annotations

from django.db.models import Q

# Labels like reports.rollup: rows reckoned from customers or orders, which whoever keeps them makes anew.
mirrors: set[str] = set()
# Rows that the house itself begins for whoever comes, as long as nobody has done anything with them: they go with whom they are for.
trailing: dict[str, Q] = {}
