"""The forms of every step of an order: one table by transition name, the same for page and API."""

from zhangfa.orders.web.forms.orders import (
    AssignForm,
    BookForm,
    CancelForm,
    CollectForm,
    ContractForm,
    FinishForm,
    LoadForm,
    LongerForm,
    MemberForm,
    MoveForm,
    PayRefundForm,
    ReasonForm,
    RefundForm,
    RemoveForm,
    RevisitForm,
    SellCardForm,
    SeriesForm,
    StartForm,
    UseCardForm,
)

ORDER_FORMS = {
    "assign": AssignForm, "unassign": ReasonForm, "add_member": MemberForm, "remove_member": RemoveForm, "move": MoveForm, "cancel": CancelForm, "start": StartForm, "finish": FinishForm,
    "stop_unsafe": ReasonForm, "collect": CollectForm, "ask_refund": RefundForm, "pay_refund": PayRefundForm, "decline_refund": ReasonForm, "use_card": UseCardForm,
}  # fmt: skip

CARD_FORMS = {
    "load_card": LoadForm, "extend_card": LongerForm, "ask_card_refund": ReasonForm, "pay_card_refund": PayRefundForm,
}  # fmt: skip
SERIES_FORMS = {"end_series": ReasonForm}

__all__ = [
    "CARD_FORMS",
    "ORDER_FORMS",
    "SERIES_FORMS",
    "BookForm",
    "ContractForm",
    "RevisitForm",
    "SellCardForm",
    "SeriesForm",
]
