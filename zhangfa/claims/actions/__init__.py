from zhangfa.claims.actions.assess import add_item, add_price, assess, drop_item, value_item
from zhangfa.claims.actions.closing import close, rate, rate_by_link, reassign, submit_learning, void_case
from zhangfa.claims.actions.report import acknowledge, link_event, log_call, report
from zhangfa.claims.actions.settle import (
    accept,
    acknowledge_report,
    agree,
    fill_form,
    hand_over,
    log_talk,
    pay,
    propose,
    review,
    send_back,
    withdraw,
)
from zhangfa.claims.actions.survey import arrive, confirm_no_photo, confirm_survey, finish_survey, register, save_survey, tell_insurer

__all__ = [
    "accept", "acknowledge", "acknowledge_report", "add_item", "add_price", "agree", "arrive", "assess", "close", "confirm_no_photo",
    "confirm_survey", "drop_item", "fill_form", "finish_survey", "hand_over", "link_event", "log_call", "log_talk", "pay", "propose",
    "rate", "rate_by_link", "reassign", "register", "report", "review", "save_survey", "send_back", "submit_learning", "tell_insurer",
    "value_item", "void_case", "withdraw",
]  # fmt: skip
