from zhangfa.orders.models.card import Card, CardEntry, Package
from zhangfa.orders.models.crew import CrewMember
from zhangfa.orders.models.order import Order, OrderQuerySet
from zhangfa.orders.models.product import Price, Product, Surcharge
from zhangfa.orders.models.revisit import Revisit
from zhangfa.orders.models.series import Series

__all__ = [
    "Card",
    "CardEntry",
    "CrewMember",
    "Order",
    "OrderQuerySet",
    "Package",
    "Price",
    "Product",
    "Revisit",
    "Series",
    "Surcharge",
]
