from zhangfa.orders.actions.booking import book, cancel, move
from zhangfa.orders.actions.cards import ask_card_refund, extend_card, load_card, pay_card_refund, sell_card, use_card
from zhangfa.orders.actions.crew import add_member, remove_member
from zhangfa.orders.actions.dispatch import assign, unassign
from zhangfa.orders.actions.money import ask_refund, collect, decline_refund, pay_refund
from zhangfa.orders.actions.prices import add_product, add_surcharge, plan_crew, set_price, withdraw_price
from zhangfa.orders.actions.series import agree_series, end_series, extend, extend_due
from zhangfa.orders.actions.service import add_photos, finish, open_sheet, place_of, record_revisit, start, stop_unsafe

__all__ = [
    "add_member",
    "add_photos",
    "add_product",
    "add_surcharge",
    "agree_series",
    "ask_card_refund",
    "ask_refund",
    "assign",
    "book",
    "cancel",
    "collect",
    "decline_refund",
    "end_series",
    "extend",
    "extend_card",
    "extend_due",
    "finish",
    "load_card",
    "move",
    "open_sheet",
    "pay_card_refund",
    "pay_refund",
    "place_of",
    "plan_crew",
    "record_revisit",
    "remove_member",
    "sell_card",
    "set_price",
    "start",
    "stop_unsafe",
    "unassign",
    "use_card",
    "withdraw_price",
]  # fmt: skip
