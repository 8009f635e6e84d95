"""The papers of a case as the records app knows them: who sees them, what is signed, by whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from zhangfa.claims import confidential, customer_file, learning
from zhangfa.claims.actions import lesson, paying
from zhangfa.claims.models import Case, ComplaintForm, LearningTask, Settlement, Study, Survey
from zhangfa.claims.permissions import people_behind
from zhangfa.core import compiled
from zhangfa.core.text import _
from zhangfa.duties import registry as duties
from zhangfa.organisation.actor import Actor
from zhangfa.records.models import Record, Signature
from zhangfa.records.registry import Form, Role, forms

FACTS_READ = _("签字表示已阅知所述事实，不代表同意赔付。")
F11_ROLES = (
    Role("handler", _("经办人"), _("如实填写并负责。")),
    Role("worker", _("事故责任人"), FACTS_READ),
    Role("manager", _("部门经理"), _("已核对并确认。")),
    Role("outlet", _("网点管理员"), _("已核对并确认。")),
)


def case_of(record: Record) -> Case | None:
    """The case a paper belongs to: its own, or its parent's."""
    return next(iter(compiled.rows(_with_record, key=record.parent_id or record.pk)), None)


def _with_record(key: UUID) -> QuerySet[Case]:
    return Case.objects.select_related("record").filter(pk=key)


def is_visible(actor: Actor, record: Record) -> bool:
    """A paper is seen by those who see its case (CC-D3)."""
    return Case.objects.visible_to(actor).filter(pk=record.parent_id or record.pk).exists()


def conceals(actor: Actor, record: Record, obj: Any) -> frozenset[int]:
    """The responsible worker's name, for those who may not know it (CC-D3)."""
    case = getattr(obj, "case", obj) if isinstance(obj, Case | Settlement | Survey | ComplaintForm) else case_of(record)
    return confidential.concealed_people(actor, case)


def may_write(actor: Actor, record: Record) -> bool:
    """Photos and files are added by the handler while the case is open, and by those who reported it."""
    case = case_of(record)
    if case is None or case.status in (Case.Status.CLOSED, Case.Status.VOID):
        return False
    people = people_behind(actor)
    return (
        case.handler_id in people
        or case.record.concerns.filter(person_id__in=people, role__in=("reporter", "handler")).exists()
    )


def handlers(record: Record) -> frozenset[int]:
    case = case_of(record)
    return frozenset({case.handler_id} - {None}) if case else frozenset()


def survey_content(record: Record) -> Mapping[str, Any]:
    """The declared fields of 《部门(网店)服务员事故登记表》 under the signature."""
    survey = Survey.objects.select_related("case").get(pk=record.pk)
    case = survey.case
    fields = (
        "narrative", "worker_statement", "customer_statement", "judgement", "cause", "remedies", "claimed_amount", "third_party_damage",
        "floor", "police_no", "hospital", "returned_at",
    )  # fmt: skip
    own = {name: getattr(survey, name) for name in fields}
    items = [[i.name, i.brand_model, i.count, i.damaged_part, i.level, i.location] for i in case.items.order_by("pk")]
    return {
        **own, "case": case.pk, "occurred_at": case.occurred_at, "place": case.place, "guarantee": case.guarantee,
        "estimate": case.estimate, "arrived_at": case.arrived_at, "promised_days": case.promised_days, "items": items,
    }  # fmt: skip


def settlement_content(record: Record) -> Mapping[str, Any]:
    """The declared fields of 《事故理赔处理表》 under the signatures; the customer's score comes later and stands beside them."""
    row: Settlement = compiled.one(_with_case, key=record.pk)
    case = row.case
    fields = (
        "claimant", "methods", "cash_amount", "in_kind_amount", "total", "approved_total", "over_ground", "has_tie", "tie_note",
        "recourse_amount", "fault", "recourse_basis", "authority", "accepted_at", "root_cause", "customer_opinion", "handling",
        "prevention", "payee",
    )  # fmt: skip
    file = customer_file.kept(row)
    shares = [case.company_pct, case.worker_pct, case.customer_pct, case.third_party_pct]
    return {name: getattr(row, name) for name in fields} | {
        "case": case.pk,
        "loss": case.assessed_loss,
        "shares": shares,
        # Papers signed before the file was kept stand as they were signed.
        **({"file": file.figures()} if file else {}),
    }


def _with_case(key: UUID) -> QuerySet[Settlement]:
    return Settlement.objects.select_related("case").filter(pk=key)


def complaint_content(record: Record) -> Mapping[str, Any]:
    """The declared fields of 《客户事故及服务质量投诉登记表》 under the signature."""
    row = ComplaintForm.objects.select_related("case").get(pk=record.pk)
    fields = (
        "category",
        "channel",
        "remedies",
        "agreed_on",
        "investigation",
        "cause",
        "root_cause",
        "resolutions",
        "resolution",
        "avoidable",
    )
    return {name: getattr(row, name) for name in fields} | {"case": row.case_id, "summary": row.case.summary}


def publication_content(record: Record) -> Mapping[str, Any]:
    """A published table is signed as it was frozen."""
    return {"digest": record.publication.digest}


TABLE_READERS = ("gm", "dgm", "cs", "cc", "hs", "ls", "fin", "am")


def may_read_table(actor: Actor, record: Record) -> bool:
    """CC-D5: the tables go to department managers, finance and administration; those who made them see them too."""
    return actor.holds(*TABLE_READERS) or record.concerns.filter(person_id__in=people_behind(actor)).exists()


def _signed(record: Record, signature: Signature, by: Actor, at: dt.datetime) -> None:
    paying.when_signature(record, signature, by=by, at=at)


def _print(name: str) -> Callable[..., Any]:
    """The print's builder, found when a print is asked for: prints import this module's queries."""

    def build(record: Record, *, actor: Any, at: dt.datetime) -> Any:
        from zhangfa.claims import prints

        return getattr(prints, name)(record, actor=actor, at=at)

    return build


def register() -> None:
    shared: dict[str, Any] = {
        "visible": is_visible,
        "may_write": may_write,
        "handlers": handlers,
        "follows_parent": True,
        "conceals": conceals,
    }
    for code, title in (("SG", _("事故案件")), ("TS", _("投诉案件"))):
        forms.add(Form(code, title, lock=lambda record: Case.objects.lock(record.pk), **shared))
    forms.add(
        Form(
            "F10", _("部门（网店）服务员事故登记表"), content=survey_content, roles=(Role("handler", _("经办人"), _("如实填写并负责。")),),
            build=_print("registration"), lock=lambda record: Case.objects.lock(record.parent_id), **shared,
        )
    )  # fmt: skip
    forms.add(
        Form(
            "F11", _("事故理赔处理表"), content=settlement_content, roles=F11_ROLES, build=_print("settlement"), signed=_signed,
            lock=lambda record: Settlement.objects.lock(record.pk), **shared,
        )
    )  # fmt: skip
    forms.add(
        Form(
            "F12", _("客户事故及服务质量投诉登记表"), content=complaint_content, roles=(Role("handler", _("经办人"), _("如实填写并负责。")),),
            build=_print("complaint"), lock=lambda record: Case.objects.lock(record.parent_id), **shared,
        )
    )  # fmt: skip
    duties.offer_models({"SG": Case, "TS": Case, "F10": Survey, "F11": Settlement, "F12": ComplaintForm, "F14": Study})
    said = ("analysis", "indirect", "management", "similar", "measures")
    duties.offer("U31", {name: LearningTask._meta.get_field(name).verbose_name for name in said})
    duties.offer_published("F13", "GZ", "XG")
    table_roles = (
        Role("specialist", _("投诉与客户维护专员"), post="cc"),
        Role("manager", _("客服中心经理"), post="cs"),
    )
    for code, title, roles in (("F13", _("事故或服务质量理赔总额表"), table_roles), ("GZ", _("一周改正意见"), ())):
        name = "totals" if code == "F13" else "bundle"
        forms.add(
            Form(code, title, visible=may_read_table, content=publication_content, roles=roles, build=_print(name))
        )
    forms.add(
        Form(
            "F14", _("预防事故发生培训资料"), visible=may_read_study, may_write=may_write_study, content=study_content, build=_print("study"),
            lock=_lock_study,
        )
    )  # fmt: skip
    forms.add(
        Form(
            "U31", _("事故分析报告"), visible=may_read_analysis, content=analysis_content, build=_print("analysis"), follows_parent=True,
            conceals=conceals,
        )
    )  # fmt: skip
    forms.add(
        Form("XG", _("事故制度效果"), visible=may_read_table, content=publication_content, build=_print("effect"))
    )


def may_read_study(actor: Actor, record: Record) -> bool:
    return Study.objects.visible_to(actor).filter(pk=record.pk).exists()


def may_write_study(actor: Actor, record: Record) -> bool:
    """Pictures are put in by those who write the lesson, until it is released."""
    study = Study.objects.filter(pk=record.pk).first()
    return study is not None and not list(lesson.change_pictures(study, by=actor, at=actor.at))


def may_read_analysis(actor: Actor, record: Record) -> bool:
    """It names nobody: besides those who see the case, those who keep and issue the rules read it."""
    case = case_of(record)
    return case is not None and learning.may_follow(case, actor)


def analysis_content(record: Record) -> Mapping[str, Any]:
    """The declared fields of the report."""
    row = LearningTask.objects.get(record=record)
    fields = ("case_id", "nature", "analysis", "indirect", "management", "similar", "measures", "submitted_at")
    return {name: getattr(row, name) for name in fields}


def _lock_study(record: Record) -> Any:
    return Study.objects.lock(record.pk)


def study_content(record: Record) -> Mapping[str, Any]:
    """The declared fields of the lesson."""
    row = Study.objects.get(pk=record.pk)
    fields = ("title", "cause", "posts", "narrative", "analysis", "correct_practice", "checkpoints", "quiz")
    return {name: getattr(row, name) for name in fields}
