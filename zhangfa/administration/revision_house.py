"""What revisions of the chart and of posts lend to the house: decisions, forms, notices, menu, the chart's own guard (AM-D1)."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from zhangfa.administration import actions, revision_permissions, revisions
from zhangfa.administration.actions import revisions as writing
from zhangfa.administration.models import Revision
from zhangfa.administration.web import revisions as pages
from zhangfa.approvals.registry import kind
from zhangfa.core.text import _
from zhangfa.duties import registry as duties
from zhangfa.notices.registry import text
from zhangfa.organisation import permissions as chart
from zhangfa.organisation.actor import Actor, system_actor
from zhangfa.organisation.web import charts
from zhangfa.policy import registry as policy
from zhangfa.records.models import Record
from zhangfa.records.registry import Form, forms
from zhangfa.runtime.schedule import every
from zhangfa.ui import menu, registry
from zhangfa.ui.tables import Link

NOTICES = {
    "administration.revision_approved": _("修订 %(number)s 已批准，从 %(day)s 起生效，与您有关，请查看并签收。"),
    "administration.revision_in_force": _("修订 %(number)s 已生效，现行第 %(edition)s 版。"),
    "administration.revision_hindered": _("修订 %(number)s 到生效日未能执行，原因写在单上，请处理。"),
    "administration.description_new": _("您的岗位有现行岗位说明 %(number)s，请阅读并签收。"),
}


def register() -> None:
    """Fill every registry; called once at start-up."""
    about: dict[str, Any] = {
        "lock": writing.lock_revision,
        "summary": revisions.step_summary,
        "why": revisions.step_why,
    }
    kind(writing.REVIEW, _("审核修订"), decided=writing.follow_review, **about)
    kind(writing.APPROVAL, _("批准修订"), decided=writing.follow_approval, **about)
    papers: dict[str, Any] = {"visible": revisions.is_visible, "content": revisions.content, "may_write": _may_write}
    duties.offer_models({writing.CHART_FORM: Revision, writing.POST_FORM: Revision})
    forms.add(Form(writing.CHART_FORM, _("组织机构修订单"), build=_print("chart_form"), **papers))
    forms.add(Form(writing.POST_FORM, _("岗位说明书"), build=_print("post_form"), **papers))
    for code, sentence in NOTICES.items():
        text(code, sentence)
    chart.by_revision.set(revisions.by_revision)
    read = revision_permissions.read_revisions
    charts.links.append(Link("administration:revisions", lazy("机构与岗位修订"), icon="git-compare", permission=read))
    charts.links.append(Link("administration:posts", lazy("岗位说明"), icon="id", permission=read))
    menu.register(
        "revisions", lazy("机构与岗位修订"), "administration:revisions", icon="git-compare", permission=read, order=12, group="company",
    )  # fmt: skip
    menu.register(
        "posts", lazy("岗位说明"), "administration:posts", icon="id", permission=read, order=14, group="company"
    )
    registry.todo.add(
        "revisions", revisions.todo, label=lazy("机构与岗位修订"), order=24, url="/revisions/", below="checks"
    )
    registry.search.add("revisions", revisions.search, label=lazy("机构与岗位修订"), order=76)
    registry.statuses.add("administration.revision.status", pages.STATUSES)


@every("administration.revisions", daily_at=dt.time(0, 10))
def each_midnight(at: dt.datetime) -> None:
    """What takes effect today takes effect; run again it finds nothing left to do."""
    actions.bring_into_force(by=system_actor("administration", at), at=at)


def serve() -> None:
    """AM-D1 as a whole: files that are followed up, the chart and the posts as versions."""
    policy.serves(
        "AM-D1", policy.WORKS,
        [("administration:files", _("公司文件")), ("administration:revisions", _("机构与岗位修订")), ("administration:posts", _("岗位说明"))],
    )  # fmt: skip


def _may_write(actor: Actor, record: Record) -> bool:
    return bool(record.concerns.filter(person_id=actor.person_id or 0, role="applicant").exists())


def _print(name: str) -> Any:
    """The print's builder, found when a print is asked for."""

    def build(record: Any, **kwargs: Any) -> Any:
        return getattr(import_module("zhangfa.administration.revision_prints"), name)(record, **kwargs)

    return build
