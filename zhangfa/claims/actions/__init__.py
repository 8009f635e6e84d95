from zhangfa.claims.actions.assess import add_item, add_price, assess, drop_item, value_item
from zhangfa.claims.actions.bundle import publish_totals, send_bundle
from zhangfa.claims.actions.closing import (
    close,
    make_link,
    rate,
    rate_by_link,
    reassign,
    submit_learning,
    take_over,
    void_case,
)
from zhangfa.claims.actions.complaint import compensate, first_answer, investigate, move_day, resolve, take_up
from zhangfa.claims.actions.event import link_event
from zhangfa.claims.actions.identify import identify
from zhangfa.claims.actions.learning import ask_waiver, publish_effect, read_study, release, revise_study, write_study
from zhangfa.claims.actions.lesson import add_picture, change_pictures, drop_picture, plan_session
from zhangfa.claims.actions.paying import acknowledge_report, fill_form, log_insurer, pay, review
from zhangfa.claims.actions.pressure import answer_pressure, report_pressure
from zhangfa.claims.actions.report import acknowledge, log_call, report
from zhangfa.claims.actions.settle import accept, agree, hand_over, propose, send_back, withdraw
from zhangfa.claims.actions.survey import (
    arrive,
    confirm_no_photo,
    confirm_survey,
    finish_survey,
    register,
    save_survey,
    tell_insurer,
)
from zhangfa.claims.actions.talks import archive_talk, log_talk

__all__ = [
    "accept",
    "acknowledge",
    "acknowledge_report",
    "add_item",
    "add_picture",
    "add_price",
    "agree",
    "answer_pressure",
    "archive_talk",
    "arrive",
    "ask_waiver",
    "assess",
    "change_pictures",
    "close",
    "compensate",
    "confirm_no_photo",
    "confirm_survey",
    "drop_item",
    "drop_picture",
    "fill_form",
    "finish_survey",
    "first_answer",
    "hand_over",
    "identify",
    "investigate",
    "link_event",
    "log_call",
    "log_insurer",
    "log_talk",
    "make_link",
    "move_day",
    "pay",
    "plan_session",
    "propose",
    "publish_effect",
    "publish_totals",
    "rate",
    "rate_by_link",
    "read_study",
    "reassign",
    "register",
    "release",
    "report",
    "report_pressure",
    "resolve",
    "review",
    "revise_study",
    "save_survey",
    "send_back",
    "send_bundle",
    "submit_learning",
    "take_over",
    "take_up",
    "tell_insurer",
    "value_item",
    "void_case",
    "withdraw",
    "write_study",
]
