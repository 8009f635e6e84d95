"""What apps above lend to whoever answers the telephone."""

from __future__ import annotations

from zhangfa.ui.registry import Slot

# fn(actor, customers, at) -> {customer: [(words, url, is_late)]}: what was promised to a caller and is still to be kept.
caller_notes: Slot = Slot(lambda actor, customers, at: {})
