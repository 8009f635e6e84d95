"""The forms of every step of a case: one table by transition name, the same for page and API."""

from zhangfa.claims.web.forms.assess import AssessForm, PriceForm, ValueForm
from zhangfa.claims.web.forms.base import CaseForm
from zhangfa.claims.web.forms.closing import CloseForm, LearningForm, RateForm
from zhangfa.claims.web.forms.complaint import (
    CompensateForm,
    FirstAnswerForm,
    InvestigateForm,
    MoveDayForm,
    ResolveForm,
    TakeUpForm,
)
from zhangfa.claims.web.forms.intake import (
    ArriveForm,
    CallForm,
    ComplaintReportForm,
    IdentifyForm,
    LinkEventForm,
    ReasonForm,
    ReassignForm,
    ReportForm,
)
from zhangfa.claims.web.forms.settle import (
    AcceptForm,
    AgreeForm,
    FillForm,
    InsurerMoneyForm,
    PayForm,
    ProposeForm,
    ReviewForm,
    SendBackForm,
    TalkForm,
)
from zhangfa.claims.web.forms.survey import (
    AddItemForm,
    DropItemForm,
    FinishSurveyForm,
    InsurerForm,
    RegisterForm,
    SurveyForm,
)

CASE_FORMS: dict[str, type[CaseForm]] = {
    "acknowledge": CaseForm,
    "log_call": CallForm,
    "arrive": ArriveForm,
    "save_survey": SurveyForm,
    "confirm_no_photo": CaseForm,
    "finish_survey": FinishSurveyForm,
    "confirm_survey": CaseForm,
    "tell_insurer": InsurerForm,
    "register": RegisterForm,
    "add_item": AddItemForm,
    "drop_item": DropItemForm,
    "add_price": PriceForm,
    "value_item": ValueForm,
    "assess": AssessForm,
    "propose": ProposeForm,
    "hand_over": CaseForm,
    "identify": IdentifyForm,
    "log_talk": TalkForm,
    "rate": RateForm,
    "close": CloseForm,
    "reassign": ReassignForm,
    "void_case": ReasonForm,
    "take_up": TakeUpForm,
    "move_day": MoveDayForm,
    "first_answer": FirstAnswerForm,
    "investigate": InvestigateForm,
    "compensate": CompensateForm,
    "resolve": ResolveForm,
}
SETTLEMENT_FORMS: dict[str, type[CaseForm]] = {
    "agree": AgreeForm,
    "send_back": SendBackForm,
    "withdraw": CaseForm,
    "accept": AcceptForm,
    "acknowledge_report": CaseForm,
    "review": ReviewForm,
    "fill_form": FillForm,
    "sign_off": CaseForm,
    "pay": PayForm,
    "log_insurer": InsurerMoneyForm,
}

__all__ = [
    "CASE_FORMS",
    "SETTLEMENT_FORMS",
    "CaseForm",
    "ComplaintReportForm",
    "LearningForm",
    "LinkEventForm",
    "ReportForm",
]
