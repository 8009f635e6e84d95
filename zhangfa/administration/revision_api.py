"""Revisions, descriptions of posts, and the chart on a day through the programming interface (AM-D1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Router

from zhangfa.administration import actions, revisions
from zhangfa.administration.models import Revision
from zhangfa.administration.revision_permissions import draft_chart, draft_post, read_revisions
from zhangfa.administration.revision_rules import CLAUSE
from zhangfa.administration.web.revision_forms import REVISION_FORMS, PostRevisionForm, RevisionForm
from zhangfa.administration.web.revisions import RevisionList
from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.records.api.operations import key_lookup
from zhangfa.ui.api import Call, Missing, Schema, creates, lists, reads, transitions

RELATED = ("record__unit", "post", "drafted_by", "description__superior")


class ChartRevisionOut(Schema):
    """One revision: kind, version, from which day, how far it is."""

    id: str
    number: str
    kind: str
    post: str
    title: str
    reason: str
    effective_on: dt.date
    status: str
    edition: int | None
    drafted_at: dt.datetime
    approved_at: dt.datetime | None
    in_force_at: dt.datetime | None
    replaced_on: dt.date | None
    url: str


class LineOut(Schema):
    line: int
    label: str
    name: str
    before: str
    after: str
    is_possible: bool


class RevisionDetail(ChartRevisionOut):
    """With the lines of a chart in words, or the texts of a description."""

    lines: list[LineOut]
    texts: dict[str, str]


class DescriptionOut(Schema):
    """The description that binds today; `texts` by part."""

    post: str
    edition: int
    effective_on: dt.date
    number: str
    texts: dict[str, str]


def _facts(row: Revision) -> dict[str, Any]:
    names = (
        "kind",
        "title",
        "reason",
        "effective_on",
        "status",
        "edition",
        "drafted_at",
        "approved_at",
        "in_force_at",
        "replaced_on",
    )
    facts = {name: getattr(row, name) for name in names}
    return facts | {
        "id": str(row.pk),
        "number": row.record.number or "",
        "post": row.post_id or "",
        "url": row.get_absolute_url(),
    }


def _line(_call: Call, row: Revision) -> ChartRevisionOut:
    return ChartRevisionOut(**_facts(row))


def _shown(call: Call, row: Revision) -> RevisionDetail:
    is_chart = row.kind == Revision.Kind.CHART
    lines = [
        LineOut(
            line=one.seq,
            label=one.label,
            name=one.name,
            before=one.before,
            after=one.after,
            is_possible=not one.refusals,
        )
        for one in (revisions.shown_lines(row, call.at) if is_chart else ())
    ]
    return RevisionDetail(**_facts(row), lines=lines, texts={} if is_chart else row.description.texts())


def _find(call: Call) -> Revision:
    rows = Revision.objects.visible_to(call.actor).select_related(*RELATED)
    found: Revision = call.one(rows, **key_lookup(call.path["key"], "record__number"))
    call.check(read_revisions, found)
    return found


def _drafts(action: Any) -> Any:
    def act(given: Any) -> Revision:
        row = action(**given.params, by=given.call.actor, at=given.call.at)
        return Revision.objects.select_related(*RELATED).get(pk=row.pk)

    return act


def _description(call: Call) -> DescriptionOut:
    call.check(read_revisions)
    found = revisions.description_on(str(call.path["key"]), clock.local_date(call.at))
    if found is None:
        raise Missing
    row = found.revision
    return DescriptionOut(
        post=row.post_id or "", edition=row.edition or 0, effective_on=row.effective_on, number=row.record.number or "", texts=found.texts()
    )  # fmt: skip


def attach_to(router: Router) -> None:
    """Declare the operations on the router of administration."""
    lists(
        router,
        "/revisions",
        id="revisions",
        summary=_("机构与岗位修订"),
        page=RevisionList,
        line=_line,
        out=ChartRevisionOut,
        about=CLAUSE,
    )
    creates(
        router, "/revisions/chart", id="revision_draft_chart", summary=_("修订组织机构"), form=RevisionForm,
        act=_drafts(actions.draft_chart_revision), show=_shown, out=RevisionDetail, permission=draft_chart, about=CLAUSE,
    )  # fmt: skip
    creates(
        router, "/revisions/post", id="revision_draft_post", summary=_("修订岗位说明"), form=PostRevisionForm,
        act=_drafts(actions.draft_post_revision), show=_shown, out=RevisionDetail, permission=draft_post, about=CLAUSE,
    )  # fmt: skip
    path = "/revisions/{key}"
    reads(
        router,
        path,
        id="revision",
        summary=_("一份修订"),
        give=lambda call: _shown(call, _find(call)),
        out=RevisionDetail,
        about=CLAUSE,
    )
    transitions(
        router, path, model=Revision, noun="revision", forms_of=REVISION_FORMS, find=_find, show=_shown, out=RevisionDetail,
        only=("submit", "withdraw_revision", "confirm", *REVISION_FORMS),
    )  # fmt: skip
    reads(
        router,
        "/post-descriptions/{key}",
        id="post_description",
        summary=_("岗位说明"),
        give=_description,
        out=DescriptionOut,
        about=CLAUSE,
    )
