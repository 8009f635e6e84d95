"""Reads about what a case taught: its chain, who it names, and the effect of its rule (CC-W2.1, CC-W2.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from zhangfa.claims.effect import Effect, effect_of
from zhangfa.claims.models import Case, LearningTask, Reading, Study
from zhangfa.core import clock
from zhangfa.orders.models import Order
from zhangfa.organisation.actor import Actor
from zhangfa.people.models import Learner
from zhangfa.policy.queries import value
from zhangfa.regulations import queries as regulations
from zhangfa.regulations.models import Regulation
from zhangfa.regulations.registry import Origin, Stage

SOURCE = "claims.case"
READERS = ("cs", "am", "gm", "dgm")
LONGEST = 365
ROLES = frozenset({"客户", "客户本人", "服务员", "网点", "家属", "保险公司", "第三者", "邻居", "物业"})
DAY = dt.timedelta(days=1)
LOSSES = (Decimal(0), Decimal(200), Decimal(500), Decimal(1000), Decimal(1500), Decimal(5000))


def cause_of(case: Case) -> str:
    """The class of the cause, from the survey of an accident or the form of a complaint."""
    survey = getattr(case, "survey", None)
    form = getattr(case, "complaint_form", None)
    return (survey.cause if survey else "") or (form.cause if form else "") or Case.Cause.OPERATION


def similar_to(case: Case, at: dt.datetime) -> int:
    """How many other cases of the same cause happened in the year before (U31)."""
    cause = cause_of(case)
    rows = Case.objects.filter(occurred_at__gt=at - LONGEST * DAY, occurred_at__lte=at).exclude(pk=case.pk)
    same = Q(survey__cause=cause) | Q(complaint_form__cause=cause)
    return rows.exclude(status=Case.Status.VOID).filter(same).distinct().count()


def loss_level(case: Case) -> str:
    """Between which round sums the loss lay; the sum itself would tell which case it was."""
    loss = case.assessed_loss if case.assessed_loss is not None else case.estimate
    low = max(step for step in LOSSES if step <= loss)
    high = next((step for step in LOSSES if step > loss), None)
    return f"{low:f}–{high:f}" if high is not None else f"≥ {low:f}"


def identities(case: Case) -> dict[str, list[str]]:
    """Every name, number and address of the case that must not stand in the lesson."""
    survey = getattr(case, "survey", None)
    customer = case.customer
    names = [case.reporter, case.worker.name if case.worker else "", case.handler.name if case.handler else ""]
    phones = [case.reporter_phone, case.worker.phone if case.worker else ""]
    places: list[str] = []
    if customer is not None:
        names += [customer.name, *customer.contacts.values_list("name", flat=True)]
        phones += [customer.phone, *(contact.phone for contact in customer.contacts.all())]
        places = [customer.compound, customer.address, *customer.places.values_list("compound", flat=True)]
    if survey is not None:
        names.append(survey.third_party_name)
        phones.append(survey.third_party_phone)
    # A role typed in place of a name says nothing about who it was.
    return {
        "names": [n for n in names if n and n.strip() not in ROLES],
        "phones": [p for p in phones if p],
        "places": [p for p in places if p],
    }


def may_follow(case: Case, actor: Actor) -> bool:
    """The chain is for those who see the case, and for those who keep and issue the rules: they see no name there."""
    return actor.is_system or actor.holds(*READERS) or Case.objects.visible_to(actor).filter(pk=case.pk).exists()


def find(actor: Actor, source_id: str, at: dt.datetime) -> Origin | None:
    """A closed case as the origin of a rule (CC-W2.1)."""
    try:
        pk = UUID(source_id)
    except ValueError:
        return None
    task = LearningTask.objects.select_related("case__record", "owner", "waived_by").filter(case_id=pk).first()
    if task is None or not may_follow(task.case, actor):
        return None
    case = task.case
    sees = Case.objects.visible_to(actor).filter(pk=pk).exists()
    rules = regulations.of_source(SOURCE, pk)
    closed = case.closed_at or task.due_at
    draft_due, rule_due = (
        _days(closed, key) for key in ("claims.regulation_draft_days", "claims.regulation_promulgate_days")
    )
    owner = task.owner.shown_name if task.owner else ""
    url = case.get_absolute_url() if sees else ""
    paper = f"/records/{task.record_id}/print.pdf" if task.record_id else ""
    report = paper or (f"/cases/{pk}/learning/" if sees else "")
    before = [
        Stage(_("结案并判断原因"), closed, note=case.get_nature_display(), url=url, clause="CC-W1.6"),
        Stage(_("案件分析报告"), task.submitted_at, _days(closed, "claims.case_report_days"), owner, report, clause="CC-W2.2"),
    ]  # fmt: skip
    waived = ""
    if task.waived_at:
        waived = _("特殊原因，%(who)s同意不出台制度：%(reason)s") % {
            "who": task.waived_by.shown_name if task.waived_by else "", "reason": task.waiver_reason,
        }  # fmt: skip
    return Origin(
        title=f"{case.record.number} {case.get_kind_display()}", url=url or f"/threads/{SOURCE}/{pk}/", number=case.record.number or "",
        started_at=closed, draft_due_at=draft_due, promulgate_due_at=rule_due, waived=waived, before=before, after=_after(case, rules, at),
    )  # fmt: skip


def _days(start: dt.datetime, key: str) -> dt.datetime:
    return clock.day_end(start + dt.timedelta(days=int(value(key, start))))


def _end_of(day: dt.date | None) -> dt.datetime | None:
    return clock.day_end(clock.day_start(day)) if day else None


def _after(case: Case, rules: list[Regulation], at: dt.datetime) -> list[Stage]:
    """Lesson, training and effect."""
    study = Study.objects.filter(case=case).annotate(done=Count("readings__at"), everybody=Count("readings")).first()
    url = study.get_absolute_url() if study else ""
    trained_at = None
    if study and study.everybody and study.done == study.everybody:
        trained_at = study.readings.order_by("-at").values_list("at", flat=True).first()
    rule = next((row for row in rules if row.is_public), None)
    found = effect(rule, cause_of(case), clock.local_date(at)) if rule else None
    return [
        Stage(_("编写预防事故发生培训资料"), study.written_at if study else None, url=url, note=study.title if study else "", clause="CC-W2.2"),
        Stage(_("客服中心经理发布资料"), study.released_at if study else None, url=url, is_open=study is not None, clause="CC-W2.2"),
        Stage(
            _("有关人员学习"), trained_at, _end_of(study.train_by) if study else None, url=url, is_open=bool(study and study.released_at),
            note=_("已学习 %(done)s / %(all)s 人") % {"done": study.done, "all": study.everybody} if study and study.released_at else "", clause="CC-W2.2",
        ),
        Stage(
            _("前后效果"), note=effect_words(found) if found else "", url="/claims/effect/" if found else "", is_open=found is not None, clause="CC-W2.2"
        ),
    ]  # fmt: skip


def owed_within(study: Study, actor: Actor) -> list[int]:
    """Those who still have to study it: of the actor's departments, and all for the service centre and administration."""
    rows = study.readings.filter(at=None)
    if not actor.is_system and not actor.holds("cc", "cs", "am", "hr"):
        units = [s.department_id or s.unit_id for s in actor.seats]
        rows = rows.filter(Q(unit_id__in=units) | Q(unit__department_id__in=units))
    return list(rows.order_by("pk").values_list("person_id", flat=True))


def progress(study: Study) -> tuple[int, int]:
    """How many have studied it, of how many."""
    counts = study.readings.aggregate(done=Count("at"), everybody=Count("pk"))
    return counts["done"], counts["everybody"]


def attendance(sessions: list[Any]) -> Iterator[tuple[Any, tuple[int, int]]]:
    """For each session how many took part, and how many have studied the lesson by it."""
    came = dict(Learner.objects.filter(training__in=sessions).order_by().values_list("training").annotate(Count("pk")))
    passed = dict(Reading.objects.filter(session__in=sessions).order_by().values_list("session").annotate(Count("pk")))
    for pk in sessions:
        yield pk, (came.get(pk, 0), passed.get(pk, 0))


def trained_from(study: Study) -> dt.date | None:
    """The day from which the lesson can have had an effect: the first on which somebody studied it."""
    first = study.readings.exclude(at=None).order_by("at").values_list("at", flat=True).first()
    return clock.local_date(first) if first else None


def effect(rule: Regulation, cause: str, until: dt.date) -> Effect | None:
    """Cases of the cause per 1,000 orders in equal spans before and since the rule took effect."""
    return effect_since(rule.effective_on, cause, until)


def effect_since(start: dt.date | None, cause: str, until: dt.date) -> Effect | None:
    """Cases of the cause per 1,000 orders in equal spans before a day and from it on."""
    if start is None or start > until:
        return None
    days = min((until - start).days + 1, LONGEST)
    before, orders_before = _count(cause, start - days * DAY, start)
    after, orders_after = _count(cause, start, start + days * DAY)
    return effect_of(before, orders_before, after, orders_after)


def _count(cause: str, first: dt.date, end: dt.date) -> tuple[int, int]:
    span = (clock.day_start(first), clock.day_start(end))
    cases = Case.objects.filter(occurred_at__gte=span[0], occurred_at__lt=span[1]).exclude(status=Case.Status.VOID)
    same = Q(survey__cause=cause) | Q(complaint_form__cause=cause)
    orders = Order.objects.filter(served_from__gte=span[0], served_from__lt=span[1], status=Order.Status.FINISHED)
    return cases.filter(same).distinct().count(), orders.count()


def effect_words(found: Effect | None) -> str:
    """Before, after, and what may be said of the difference."""
    if found is None:
        return ""
    if found.low is None:
        return _("还没有可以比较的订单和起数。")
    facts = {
        "before": found.before, "after": found.after, "rate_before": found.rate_before or 0, "rate_after": found.rate_after or 0,
        "ratio": f"{found.ratio:.2f}" if found.ratio is not None else "—", "low": f"{found.low:.2f}" if found.low is not None else "—",
        "high": f"{found.high:.2f}" if found.high is not None else "∞",
    }  # fmt: skip
    said = (
        _(
            "每千单：以前 %(rate_before)s（%(before)s 起），以后 %(rate_after)s（%(after)s 起）；比值 %(ratio)s，95%% 区间 %(low)s–%(high)s。"
        )
        % facts
    )
    verdict = {"better": _("明显减少。"), "worse": _("明显增加。"), "open": _("还不能断定有变化。")}[found.verdict]
    return said + verdict


def draw(until: dt.date) -> dict[str, Any]:
    """RPT-14 up to a day: every rule born of a case, with its training and its effect. The same day gives the same figures."""
    rows = []
    rules = (
        Regulation.objects.filter(source_kind=SOURCE, effective_on__lte=until).select_related("record").order_by("pk")
    )
    cases = Case.objects.select_related("survey", "complaint_form", "record").in_bulk(
        [UUID(rule.source_id) for rule in rules]
    )
    studies = {
        s.case_id: s
        for s in Study.objects.filter(case__in=cases).annotate(
            done=Count("readings__at"), everybody=Count("readings"), first=Min("readings__at")
        )
    }
    for rule in rules:
        case = cases.get(UUID(rule.source_id))
        if case is None or rule.effective_on is None:
            continue
        cause = cause_of(case)
        found = effect(rule, cause, until)
        assert found is not None
        study = studies.get(case.pk)
        rows.append(
            {
                "number": rule.record.number or "", "rule": str(rule.pk), "title": rule.title, "cause": cause, "effective_on": rule.effective_on.isoformat(),
                "trained": study.done if study else 0, "to_train": study.everybody if study else 0, "before": found.before,
                "orders_before": found.orders_before, "after": found.after, "orders_after": found.orders_after,
                **{name: _text(getattr(found, name)) for name in ("rate_before", "rate_after", "ratio", "low", "high", "p")},
                "verdict": found.verdict, "training": _by_training(study.first if study else None, cause, until),
            }
        )  # fmt: skip
    return {"until": until.isoformat(), "rows": rows}


def _by_training(first: dt.datetime | None, cause: str, until: dt.date) -> dict[str, Any] | None:
    """Before and since the first day on which the lesson was learnt; none where that is later than the day."""
    start = clock.local_date(first) if first else None
    found = effect_since(start, cause, until)
    if found is None or start is None:
        return None
    figures = {name: _text(getattr(found, name)) for name in ("rate_before", "rate_after", "ratio", "low", "high")}
    return {
        "from": start.isoformat(),
        "before": found.before,
        "after": found.after,
        "verdict": found.verdict,
        **figures,
    }


def _text(number: float | None) -> str | None:
    """Two decimals, as text: frozen figures don't depend on a machine's floats."""
    return None if number is None else f"{number:.2f}"


def quarter_of(day: dt.date) -> tuple[str, dt.date, dt.date]:
    """Name, first and last day of the quarter."""
    number = (day.month - 1) // 3
    first = dt.date(day.year, 3 * number + 1, 1)
    following = dt.date(day.year + (number == 3), 1 if number == 3 else 3 * number + 4, 1)
    return f"{day.year}-Q{number + 1}", first, following - DAY


def quarter_named(name: str) -> tuple[str, dt.date, dt.date] | None:
    try:
        year, number = name.split("-Q")
        return quarter_of(dt.date(int(year), 3 * int(number) - 2, 1))
    except ValueError:
        return None


def has_rule(case: Case) -> bool:
    return bool(regulations.of_source(SOURCE, case.pk))
