"""What a page asks of the worker; the jobs fill it at start-up."""

from __future__ import annotations

from zhangfa.ui.registry import Slot

# fn(month) puts the month's pack into the queue
draw_month: Slot = Slot(lambda month: None)
# fn(key) puts the reckoning of a trial into the queue
trial: Slot = Slot(lambda key: None)
