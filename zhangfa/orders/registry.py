"""What apps above lend to the orders: who wants to know of many at once, what a worker should know of a customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zhangfa.orders.models import Order
from zhangfa.ui.registry import Slot

# fn(orders, came) inside the transaction that wrote them: `came` False says that they are about to be removed again.
# One by one, orders are told as events; thousands of earlier ones are told here.
Listener = Callable[[Sequence[Order], bool], object]
_listeners: dict[str, Listener] = {}

# fn(orders, at) -> {order: sentences}; shown to the worker who is sent, without amounts (CS-W2.2)
job_notes: Slot = Slot(lambda orders, at: {})


def on_bulk(name: str, listener: Listener) -> None:
    """Have an app hear of orders that are written or removed in bulk."""
    _listeners[name] = listener


def tell_bulk(orders: Sequence[Order], *, came: bool) -> None:
    for listener in _listeners.values():
        listener(orders, came)
