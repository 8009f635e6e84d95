"""What care knows of a customer, and what it still owes them (R3): told to the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from zhangfa.care.chain import SOURCE
from zhangfa.care.models import CarePlan, Decider, Feedback, KeyAccount, Promise, Recheck, Thread, Visit
from zhangfa.core import clock
from zhangfa.core.text import _ as mark
from zhangfa.customers.models import Customer
from zhangfa.customers.registry import Keeper
from zhangfa.meetings.models import Meeting
from zhangfa.records.actions import forget_words
from zhangfa.records.exports import Column, Sheet

UNDER_WAY = (Visit.Status.PREPARED, Visit.Status.ARRIVED, Visit.Status.RETURNED)


def last_on(customers: Sequence[int]) -> dict[int, dt.date]:
    """The last visit."""
    rows = Visit.objects.filter(customer_id__in=customers, arrived_at__isnull=False).order_by()
    found = rows.values_list("customer_id").annotate(Max("arrived_at"))
    return {key: clock.local_date(at) for key, at in found}


def open_with(customers: Sequence[int]) -> set[int]:
    """A visit under way, a problem that waits for its answer, a promise not kept yet."""
    visits = Visit.objects.filter(customer_id__in=customers)
    asked = visits.filter(thread__isnull=False).exclude(thread__status=Thread.Status.ANSWERED)
    promised = Promise.objects.filter(customer_id__in=customers, status=Promise.Status.OPEN)
    parts = (visits.filter(status__in=UNDER_WAY), asked, promised)
    return {key for rows in parts for key in rows.order_by().values_list("customer_id", flat=True)}


def sheets(customer: Customer) -> Iterable[Sheet]:
    visits = Visit.objects.filter(customer=customer, arrived_at__isnull=False).order_by("pk")
    heads = [Column(_("访问时间"), "when"), Column(_("满意度")), Column(_("意见"), width=40)]
    yield Sheet(_("访问"), heads, ([v.arrived_at, v.satisfaction, v.opinion] for v in visits.iterator()))
    promises = Promise.objects.filter(customer=customer).order_by("pk")
    heads = [Column(_("承诺内容"), width=40), Column(_("承诺完成时间"), "when"), Column(_("状态"))]
    yield Sheet(_("承诺"), heads, ([p.text, p.due_at, str(p.get_status_display())] for p in promises.iterator()))


def forget(customers: Sequence[int], at: dt.datetime) -> None:
    """Who was spoken to and what they said goes with the file; that somebody came, when and how content they were stays, signed as it was."""
    accounts = KeyAccount.objects.filter(customer_id__in=customers)
    threads = list(Thread.objects.filter(customer_id__in=customers).values_list("pk", flat=True))
    papers = [
        *Visit.objects.filter(customer_id__in=customers).values_list("pk", flat=True),
        *threads,
        *Recheck.objects.filter(customer_id__in=customers).values_list("pk", flat=True),
        *Feedback.objects.filter(account__customer_id__in=customers).values_list("pk", flat=True),
        *accounts.values_list("pk", flat=True),
    ]
    forget_words(papers, _empty, at=at)
    # The meeting about a problem began with what the customer said; what it decided is the company's own.
    about = Meeting.objects.filter(source_kind=SOURCE, source_id__in=[str(key) for key in threads])
    forget_words(list(about.values_list("pk", flat=True)), _empty_meetings, at=at)
    Decider.objects.filter(account__customer_id__in=customers).delete()
    CarePlan.objects.filter(customer_id__in=customers).update(found="", dropped_for="")
    Promise.objects.filter(customer_id__in=customers).update(text="", result="")


def _empty(papers: Sequence[UUID]) -> None:
    """The words of these papers, each in its own table."""
    for model, names in WORDS.items():
        model.objects.filter(pk__in=papers).update(**dict.fromkeys(names, ""))
    Visit.objects.filter(pk__in=papers).update(profile_updates={})


def _empty_meetings(papers: Sequence[UUID]) -> None:
    Meeting.objects.filter(pk__in=papers).update(problem="")


# What somebody wrote down of the customer, in free words.
WORDS: dict[Any, tuple[str, ...]] = {
    Visit: ("interviewee", "title", "opinion", "suggestion", "wish", "competitor", "problem_text", "profile_note", "place"),
    Thread: ("answer",),
    Recheck: ("evidence", "service_opinion", "management_opinion", "objection", "decision"),
    Feedback: ("interviewees", "opinion", "suggestion", "competitor", "solution", "answer", "result"),
    KeyAccount: ("parent_org", "potential", "competitors", "drivers", "risks", "procedure"),
}  # fmt: skip
KEEPER = Keeper(mark("客户关怀"), last_on, open_with, sheets, forget)
