"""What a page asks of the worker; the jobs fill it at start-up."""

from __future__ import annotations

from zhangfa.ui.registry import Slot

# fn(key) puts the writing of a list into the queue
write_list: Slot = Slot(lambda key: None)
