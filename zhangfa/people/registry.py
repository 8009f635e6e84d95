"""What apps above lend to the workers' papers."""

from __future__ import annotations

from zhangfa.ui.registry import Slot

# fn() -> [(code, label)]: the kinds of service for which a skill certificate counts
service_kinds = Slot(list)
