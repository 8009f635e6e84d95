"""Reads across regulations: what is in force, whom it binds, who has not acknowledged, the questions that a class holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext

from zhangfa.approvals.models import Step
from zhangfa.approvals.queries import waiting_for
from zhangfa.core import clock
from zhangfa.core.compare import Change, compare
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Holding, Person, Unit
from zhangfa.policy import queries as policy
from zhangfa.records.finding import lookup_of
from zhangfa.records.models import Record
from zhangfa.regulations.choices import ALL, Level, Status
from zhangfa.regulations.models import Clause, Execution, Receipt, Regulation
from zhangfa.regulations.permissions import is_head_of
from zhangfa.ui.citing import Citation
from zhangfa.ui.registry import Figure, Item, Result

LIMIT = 12
REPEAL = "regulations.repeal"
# Who left the company owes nothing; who had acknowledged before stays in the list.
STANDING = Q(person__left_on=None) | Q(at__isnull=False)


def in_force(at: dt.datetime, *, topic: str = "") -> QuerySet[Regulation]:
    """What binds today, newest first; of one class where asked."""
    rows = Regulation.objects.in_force(clock.local_date(at)).select_related("record", "unit").order_by("-pk")
    return rows.filter(topic=topic) if topic else rows


def same_title(title: str, actor: Actor, at: dt.datetime) -> Regulation | None:
    """What binds today under this very title, as far as the actor may read it."""
    wanted = title.strip()
    rows = Regulation.objects.visible_to(actor).in_force(clock.local_date(at)).select_related("record")
    return rows.filter(title__iexact=wanted).order_by("-pk").first() if wanted else None


def questions(at: dt.datetime, *, topics: Iterable[str] = (), post: str = "", department_id: int | None = None) -> QuerySet[Clause]:  # fmt: skip
    """The clauses in force from which inspection questions are drawn: of the classes given, binding the post (AM-W3).

    A clause with a test question brings it along (`question`, `options`, `answer`); each names its regulation.
    """
    bound = Regulation.objects.in_force(clock.local_date(at)).filter(
        Q(level=Level.COMPANY) | Q(department_id=department_id)
    )
    rows = Clause.objects.filter(regulation__in=bound).select_related("regulation__record")
    if wanted := list(topics):
        rows = rows.filter(regulation__topic__in=wanted)
    if post:
        ids = [row.pk for row in bound.only("posts") if ALL in row.posts or post in row.posts]
        rows = rows.filter(regulation_id__in=ids)
    return rows.order_by("regulation_id", "seq")


def affected(regulation: Regulation, at: dt.datetime) -> list[tuple[int, int, int | None]]:
    """Person, unit and department of everybody whom the regulation binds on that day; each person once."""
    rows = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__is_active=True, person__left_on=None)
    if ALL not in regulation.posts:
        rows = rows.filter(seat__post_id__in=regulation.posts)
    if regulation.level == Level.DEPARTMENT:
        rows = rows.filter(seat__unit__department_id=regulation.department_id)
    found: dict[int, tuple[int, int, int | None]] = {}
    for row in rows.order_by("-seat__post__grade", "pk").values_list(
        "person_id", "seat__unit_id", "seat__unit__department_id"
    ):
        found.setdefault(row[0], row)
    return list(found.values())


def before(regulation: Regulation) -> Regulation | None:
    """The version before this one that was published; one that was repealed before its day has come between nothing."""
    rows = editions(regulation).filter(
        edition__lt=regulation.edition, status__in=(Status.IN_FORCE, Status.REPLACED, Status.REPEALED)
    )
    never_bound = Q(status=Status.REPEALED, ended_on__lte=F("effective_on"))
    return rows.exclude(never_bound).order_by("-edition").first()


def replaced_by(regulation: Regulation) -> Regulation | None:
    """The version that this one took the place of, on the day from which this one counts."""
    rows = editions(regulation).filter(edition__lt=regulation.edition, status=Status.REPLACED)
    return rows.filter(ended_on=regulation.effective_on).first()


def editions(regulation: Regulation) -> QuerySet[Regulation]:
    first = regulation.first_id_or_own
    return Regulation.objects.filter(Q(pk=first) | Q(first_id=first)).select_related("record").order_by("-edition")


def texts(regulation: Regulation | None) -> list[str]:
    return [] if regulation is None else list(regulation.clauses.order_by("seq").values_list("text", flat=True))


def repeal_waiting(regulation: Regulation) -> Step | None:
    """The question whether it ends, while it lies before whoever issued it."""
    return next((step for step in waiting_for(regulation.record_id) if step.kind == REPEAL), None)


def differences(regulation: Regulation) -> list[Change]:
    """The clauses beside those of the version before; nothing where this is the first."""
    last = before(regulation)
    return compare(texts(last), texts(regulation)) if last else []


def asked_of(regulation: Regulation) -> list[Clause]:
    """The test: the questions on what this version changed."""
    return list(regulation.clauses.filter(is_changed=True).exclude(question="").order_by("seq"))


def receipt_of(regulation: Regulation, person_id: int | None) -> Receipt | None:
    return Receipt.objects.filter(regulation=regulation, person_id=person_id).first() if person_id else None


def receipts_seen(regulation: Regulation, actor: Actor) -> QuerySet[Receipt]:
    """The receipts that a manager may follow up: all for administration and executives, else of the own department or outlet."""
    rows = Receipt.objects.filter(STANDING, regulation=regulation).select_related("person", "unit")
    if actor.is_system or actor.holds("am", "hr", "gm", "dgm"):
        return rows
    departments = [s.department_id or s.unit_id for s in actor.seats if s.grade >= Grade.SUPERVISOR]
    units = [s.unit_id for s in actor.seats if s.grade >= Grade.LINE_MANAGER]
    return rows.filter(Q(department_id__in=departments) | Q(unit_id__in=units) | Q(person_id=actor.person_id))


def receipt_counts(ids: Iterable[Any]) -> dict[Any, tuple[int, int]]:
    """Acknowledged and asked, by regulation; who left without it is not asked any more."""
    rows = Receipt.objects.filter(STANDING, regulation_id__in=list(ids)).order_by().values("regulation_id")
    return {row["regulation_id"]: (row["done"], row["all"]) for row in rows.annotate(done=Count("at"), all=Count("pk"))}


def execution_counts(ids: Iterable[Any]) -> dict[Any, tuple[int, int]]:
    rows = Execution.objects.filter(regulation_id__in=list(ids)).order_by().values("regulation_id")
    return {
        row["regulation_id"]: (row["done"], row["all"])
        for row in rows.annotate(done=Count("reported_at"), all=Count("pk"))
    }


def of_source(kind: str, source_id: Any) -> list[Regulation]:
    """The regulations born of something, oldest first; withdrawn and refused ones are left out."""
    rows = Regulation.objects.filter(source_kind=kind, source_id=str(source_id))
    rows = rows.exclude(status__in=(Status.WITHDRAWN, Status.REFUSED))
    return list(rows.select_related("record", "drafted_by", "supervisor").order_by("pk"))


def named(title: str, at: dt.datetime) -> Regulation | None:
    """The version in force of a rule that the program itself cites."""
    return in_force(at).filter(title=title).first()


# By title and day, under the company's stamp: every step of a case asks, and promulgating or repealing renews the stamp.
_cited: tuple[str, dict[tuple[str, dt.date], list[Clause]]] = ("", {})


def _clauses_of(title: str, at: dt.datetime) -> list[Clause]:
    global _cited
    now, key = policy.stamp(), (title, clock.local_date(at))
    if now != _cited[0]:
        _cited = (now, {})
    known = _cited[1]
    if now and key in known:
        return known[key]
    rows = Clause.objects.filter(regulation__in=in_force(at).filter(title=title)).select_related("regulation")
    found = list(rows.order_by("-regulation__edition", "seq"))
    if now:
        known[key] = found
    return found


def cite(title: str, words: Sequence[str], clause: str, at: dt.datetime) -> Citation | None:
    """The rule of this title as it binds, with that of its clauses that has most of the words, and of equals the surest."""
    found = _clauses_of(title, at)
    if not found:
        return None
    rule = found[0].regulation
    clauses = [row for row in found if row.regulation_id == rule.pk]
    candidates = [row for word in words for row in clauses if word in row.text]
    fits = max(candidates, key=candidates.count, default=None)
    url = rule.get_absolute_url()
    if fits is None:
        return Citation(title, clause, rule.edition, url=url)
    return Citation(title, clause, rule.edition, fits.seq, fits.text, f"{url}?part=clauses#clause-{fits.seq}")


def owed_receipts(actor: Actor) -> QuerySet[Receipt]:
    """What the person has to read: rules that stand, and of a department's only while they may read them."""
    seen = Regulation.objects.visible_to(actor).filter(status=Status.IN_FORCE).values("pk")
    rows = Receipt.objects.filter(person_id=actor.person_id or 0, at=None, regulation__in=seen)
    return rows.select_related("regulation__record").order_by("pk")


def owed_reports(actor: Actor, at: dt.datetime) -> list[Execution]:
    """The reports that the actor's departments owe."""
    departments = {s.department_id or s.unit_id for s in actor.seats if s.grade == Grade.DEPARTMENT_MANAGER}
    if not departments:
        return []
    rows = Execution.objects.filter(department_id__in=departments, reported_at=None)
    rows = rows.select_related("regulation__record", "department").order_by("due_at", "pk")
    return [row for row in rows[:LIMIT] if is_head_of(row.department, actor)]


def owed_report(regulation: Regulation, actor: Actor) -> Execution | None:
    """The report on this regulation that the actor's own department owes."""
    if not any(seat.grade >= Grade.DEPARTMENT_MANAGER for seat in actor.seats):
        return None
    rows = regulation.executions.filter(reported_at=None).select_related("department")
    return next((row for row in rows if is_head_of(row.department, actor)), None)


def todo(actor: Actor, at: dt.datetime) -> list[Item]:
    """To acknowledge, to report on, and for administration to promulgate."""
    items = [
        Item(gettext("签收制度：%(title)s") % {"title": row.regulation.title}, f"{row.regulation.get_absolute_url()}read/", row.regulation.record.number or "")
        for row in owed_receipts(actor)[:LIMIT]
    ]  # fmt: skip
    items += [
        Item(
            gettext("报告执行情况：%(title)s") % {"title": row.regulation.title}, f"/regulations/executions/{row.pk}/",
            row.regulation.record.number or "", row.due_at,
        )
        for row in owed_reports(actor, at)
    ]  # fmt: skip
    if actor.holds("am"):
        rows = Regulation.objects.filter(status=Status.APPROVED).select_related("record").order_by("pk")[:LIMIT]
        items += [
            Item(gettext("颁布制度：%(title)s") % {"title": row.title}, row.get_absolute_url(), row.record.number or "")
            for row in rows
        ]
    return items


def figures(actor: Actor, at: dt.datetime) -> list[Figure]:
    """For administration: how many acknowledgements and reports are still owed."""
    if not actor.holds("am"):
        return []
    late = Execution.objects.filter(reported_at=None, due_at__lt=at).count()
    return [Figure(gettext("逾期未交的执行报告"), late, url="/regulations/?late=on", tone="red" if late else "green")]


def search(actor: Actor, q: str, at: dt.datetime) -> list[Result]:
    rows = Regulation.objects.visible_to(actor).search(q).select_related("record").order_by("-pk")[:8]
    return [
        Result(row.title, row.get_absolute_url(), row.record.number or "", row.get_status_display()) for row in rows
    ]


LOOKUP = lookup_of(Regulation, "title")


def executing(departments: Iterable[int | None]) -> list[Unit]:
    """The departments that carry something out, each once."""
    return list(Unit.objects.filter(pk__in={d for d in departments if d}, kind=Unit.Kind.DEPARTMENT).order_by("pk"))


def is_visible(actor: Actor, record: Record) -> bool:
    return Regulation.objects.visible_to(actor).filter(pk=record.pk).exists()


def is_report_visible(actor: Actor, record: Record) -> bool:
    row = Execution.objects.filter(record_id=record.pk).first()
    if row is None:
        return False
    if actor.holds("am", "hr", "gm", "dgm"):
        return True
    return any(row.department_id in (s.department_id, s.unit_id) for s in actor.seats if s.grade >= Grade.LINE_MANAGER)


def content(record: Record) -> dict[str, Any]:
    """The declared fields of the paper, as a signature would cover them."""
    row = Regulation.objects.get(pk=record.pk)
    return {
        "title": row.title, "kind": row.kind, "level": row.level, "edition": row.edition, "posts": row.posts, "clauses": texts(row),
        "effective_on": row.effective_on,
    }  # fmt: skip


def report_content(record: Record) -> dict[str, Any]:
    row = Execution.objects.get(record_id=record.pk)
    return {
        "regulation": str(row.regulation_id), "department": row.department_id, "execution": row.execution,
        "trained_count": row.trained_count, "done_rate": row.done_rate, "problems": row.problems,
    }  # fmt: skip


def supervisors(at: dt.datetime) -> QuerySet[Person]:
    """Who can be named to supervise execution: staff in a seat."""
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__post__grade__gte=Grade.LINE_MANAGER)
    return Person.objects.filter(pk__in=held.values("person_id"), left_on=None)
