"""The GM's decision on the product mix, recorded on the table and followed up as a task (CS-W2.3)."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.queries import seated_in
from zhangfa.records.actions import lock
from zhangfa.records.models import Publication
from zhangfa.reports import permissions as may
from zhangfa.reports.models import MixDecision
from zhangfa.reports.rules import CLAUSE_MIX, refuse_decision
from zhangfa.tasks import actions as tasks

SOURCE = "reports.mix"


def decide_mix(
    paper: Publication, *, by: Actor, at: dt.datetime, verdict: str, decision: str, due_at: dt.datetime | None = None, standard: str = ""
) -> MixDecision:  # fmt: skip
    """Record what the GM decides; where something is to be done, the customer service manager gets a task with standard and day."""
    demand(may.decide_mix(by=by, at=at))
    with work():
        record = lock(paper.record)
        row = MixDecision.objects.filter(paper=record).first()
        is_own = record.created_by_id is not None and by.is_any_of([record.created_by_id])
        demand(
            refuse_decision(
                is_published=True, is_decided=row is not None, decision=decision, publisher_is_decider=is_own
            )
        )
        made = MixDecision.objects.create(
            paper=record, period=paper.period, verdict=verdict, decision=decision, by_id=by.person_id, at=at
        )
        seats = seated_in(Q(post_id__in=("cs",)), at)
        people = [person for found in seated_in(Q(post_id__in=("cs", "mk")), at).values() for person in found]
        if verdict != MixDecision.Verdict.DECLINE and seats:
            task = tasks.assign(
                title=_("落实产品结构决定"), details=f"{paper.period} {decision}", standard=standard, due_at=due_at, by=by, at=at,
                person=next(iter(seats.values()))[0], source_kind=SOURCE, source_id=paper.period,
                source_title=record.number or "", clause=CLAUSE_MIX,
            )  # fmt: skip
            made.task_url = task.get_absolute_url()
            made.save(update_fields=["task_url"])
        notify(
            [person.pk for person in people],
            "reports.mix_decided",
            {"period": paper.period},
            record_id=record.pk,
            url=paper.record.url,
            at=at,
        )
        announce(
            "reports.mix.decided", record, by=by, at=at, label=_("决定产品结构"), record_id=record.pk, clause=CLAUSE_MIX,
            codes={"verdict": verdict, "handler": by.person_id}, values={"decision": decision},
        )  # fmt: skip
    return made
