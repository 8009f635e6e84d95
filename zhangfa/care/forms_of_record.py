"""The papers of care as the records app knows them: who sees them and how they are printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhangfa.care.models import Alliance, Bundle, Feedback, KeyAccount, MonthPlan, PlanReview, Recheck, Thread, Visit
from zhangfa.care.permissions import read_account_reports
from zhangfa.core.text import _
from zhangfa.duties import registry as duties
from zhangfa.organisation.actor import Actor
from zhangfa.records.models import Record
from zhangfa.records.registry import Form, Role, forms
from zhangfa.ui.access import is_open

PAPERS: tuple[tuple[str, str, Any, str], ...] = (
    ("F19", _("访问客户登记表"), Visit, "visit_sheet"), ("F20", _("访问客户登记记录表"), Visit, "visit_sheet"), ("F21", _("访问客户意见表"), Visit, "visit_sheet"),
    ("F22", _("大客户档案模板"), KeyAccount, "account_file"), ("F23", _("公司大客户意见建议反映表"), Feedback, "feedback"),
    ("FH", _("访问客户登记表周汇总"), Bundle, "bundle"), ("GH", _("关怀计划时间表"), MonthPlan, "month_plan"), ("WT", _("访问问题处理单"), Thread, ""),
    ("ZS", _("真实性回访记录"), Recheck, ""), ("LM", _("联盟或二八计划"), Alliance, ""), ("JC", _("联盟和二八计划检查"), PlanReview, "review"),
)  # fmt: skip


def _sees(model: Any) -> Callable[[Actor, Record], bool]:
    def visible(actor: Actor, record: Record) -> bool:
        return bool(model.objects.visible_to(actor).filter(pk=record.pk).exists())

    return visible


def _reads_reports(actor: Actor, record: Record) -> bool:
    """Those who read the table, and the owners who have a copy."""
    return (
        is_open(read_account_reports, by=actor, at=actor.at)
        or record.concerns.filter(person_id=actor.person_id or 0).exists()
    )


def _writes(model: Any, name: str) -> Callable[[Actor, Record], bool]:
    """Pictures and files are added by whoever carries the paper."""

    def may_write(actor: Actor, record: Record) -> bool:
        keys = model.objects.filter(pk=record.pk).values_list(name, flat=True)
        return actor.is_any_of(set(keys) - {None})

    return may_write


def _print(name: str) -> Callable[..., Any] | None:
    """The print's builder, found when a print is asked for: prints read the pages' words."""

    def build(record: Record, *, actor: Any, at: Any) -> Any:
        from zhangfa.care import prints

        return getattr(prints, name)(record, actor=actor, at=at)

    return build if name else None


TRUE_WORDS = _("如实填写并负责。")
VISITOR = (Role("visitor", _("访问人"), TRUE_WORDS),)
ROLES = {
    "F19": VISITOR, "F20": VISITOR, "F21": VISITOR, "F22": (Role("owner", _("主管责任人"), TRUE_WORDS), Role("manager", _("部门经理"), _("已核对并确认。"))),
    "F23": (Role("visitor", _("走访人"), TRUE_WORDS),),
}  # fmt: skip
# The declared fields under the signature: what was written at once; answers and results that come later stand beside it.
SIGNED: dict[str, tuple[Any, tuple[str, ...]]] = {
    **dict.fromkeys(("F19", "F20", "F21"), (Visit, (
        "kind", "customer_id", "order_id", "visitor_id", "mode", "is_notified", "arrived_at", "left_at", "delay_minutes", "checks", "satisfaction",
        "recommend", "opinion", "suggestion", "wish", "pitched_id", "competitor", "problem", "problem_text", "severity", "needs_action", "profile_note",
        "profile_updates",
    ))),
    "F22": (KeyAccount, (
        "customer_id", "owner_id", "level", "parent_org", "purchase_mode", "purchase_months", "potential", "competitors", "drivers", "risks", "procedure",
        "credit_amount", "credit_days", "target", "renews_on", "is_gift_rule_read",
    )),
    "F23": (Feedback, (
        "account_id", "visited_on", "visitor_id", "roles", "product_id", "satisfaction", "category", "priority", "opinion", "suggestion", "competitor", "solution",
        "responsible_id", "due_on",
    )),
}  # fmt: skip


def _content(code: str) -> Callable[[Record], Mapping[str, Any]] | None:
    if code not in SIGNED:
        return None
    model, names = SIGNED[code]
    return lambda record: dict(model.objects.filter(pk=record.pk).values(*names).get())


WRITERS = {"F19": "visitor_id", "F20": "visitor_id", "F21": "visitor_id", "F22": "owner_id", "F23": "owner_id", "WT": "raised_by_id", "ZS": "checker_id", "LM": "owner_id"}  # fmt: skip


def register() -> None:
    for code, title, model, build in PAPERS:
        lock = (
            (lambda record, model=model: model.objects.lock(record.pk))
            if hasattr(model.objects.all(), "lock")
            else (lambda record: None)
        )
        may_write = _writes(model, WRITERS[code]) if code in WRITERS else None
        forms.add(
            Form(
                code,
                title,
                visible=_sees(model),
                build=_print(build),
                lock=lock,
                may_write=may_write,
                roles=ROLES.get(code, ()),
                content=_content(code),
            )
        )
    duties.offer_models({code: model for code, _title, model, _build in PAPERS})
    duties.offer_published("DK")
    forms.add(Form("DK", _("大客户月报"), visible=_reads_reports, build=_print("account_report")))
