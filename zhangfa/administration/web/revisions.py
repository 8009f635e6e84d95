"""Pages of revisions: the list, one paper with its lines or texts beside the version before, the steps, and the posts (AM-D1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.administration import actions
from zhangfa.administration import revisions as reads
from zhangfa.administration.models import Revision
from zhangfa.administration.models.revisions import REVISERS
from zhangfa.administration.revision_permissions import draft_chart, draft_post, read_revisions
from zhangfa.administration.web.revision_forms import REVISION_FORMS, PostRevisionForm, RevisionForm
from zhangfa.approvals.queries import steps_shown, waiting_for, who_has
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.organisation.models import Grade, Post
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.access import is_open
from zhangfa.ui.filters import BoundFilterSet
from zhangfa.ui.forms import DateField, Form
from zhangfa.ui.pages import CreatePage, ListPage, Page, RecordPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Link
from zhangfa.ui.words import join

S, K = Revision.Status, Revision.Kind
STATUSES = {
    S.DRAFT.value: Status(S.DRAFT.label, "grey"), S.REVIEW.value: Status(S.REVIEW.label, "blue"), S.PROPOSED.value: Status(S.PROPOSED.label, "blue"),
    S.RETURNED.value: Status(S.RETURNED.label, "amber"), S.APPROVED.value: Status(S.APPROVED.label, "amber"),
    S.IN_FORCE.value: Status(S.IN_FORCE.label, "green"), S.REPLACED.value: Status(S.REPLACED.label, "grey"),
    S.REFUSED.value: Status(S.REFUSED.label, "red"), S.WITHDRAWN.value: Status(S.WITHDRAWN.label, "grey"),
}  # fmt: skip


class RevisionFilter(BoundFilterSet):
    kind = df.ChoiceFilter(label=_("类别"), choices=K.choices)
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices)

    class Meta:
        model = Revision
        fields: list[str] = []


class RevisionList(ListPage):
    """机构与岗位修订: what is drafted, what waits, and every version that bound."""

    model, permission, title, nav = Revision, read_revisions, _("机构与岗位修订"), "revisions"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True), Column("title", _("修订名称"), link=True, phone="title", wide=True),
        Column("status", _("状态"), kind="status", phone="badge"), Column("get_kind_display", _("类别")), Column("post.shown_name", _("岗位")),
        Column("edition", _("版次"), kind="number"), Column("effective_on", _("生效日期"), kind="date"),
        Column("drafted_by.shown_name", _("起草人")), Column("drafted_at", _("起草时间"), kind="when", optional=True),
    ]  # fmt: skip
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = RevisionFilter
    select_related = ["record", "post", "drafted_by"]
    links = [
        Link("administration:revision-new", _("修订组织机构"), icon="sitemap", permission=draft_chart),
        Link("administration:posts", _("岗位说明"), icon="id", permission=read_revisions, is_primary=False),
    ]
    empty = Empty(
        _("还没有修订"), _("组织机构和岗位说明的每次修改从这里起草，经审核、批准，到生效日自动执行。"), "sitemap"
    )


class RevisionNew(CreatePage):
    permission, title, form_class, nav = draft_chart, _("修订组织机构"), RevisionForm, "revisions"
    back_url = "/revisions/"

    def act(self, form: Any) -> Revision:
        return actions.draft_chart_revision(**form.params(), by=self.actor, at=self.at)


class PostRevisionNew(CreatePage):
    permission, title, form_class, nav = draft_post, _("修订岗位说明"), PostRevisionForm, "revisions"
    back_url = "/posts/"

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("post", "")
        post = Post.objects.filter(pk=asked).first() if asked.isascii() and asked.isalnum() and len(asked) < 9 else None
        return {"post": post.pk, "title": gettext("修订%(post)s岗位说明") % {"post": post.shown_name}} if post else {}

    def act(self, form: Any) -> Revision:
        return actions.draft_post_revision(**form.params(), by=self.actor, at=self.at)


def readers_part(page: Any, row: Revision) -> tuple[str, dict[str, Any]]:
    """Who knows it; names of those who have not confirmed for those who follow it up."""
    done, told = reads.receipt_counts(row)
    may_see = page.actor.holds(*REVISERS) or page.actor.is_any_of([row.drafted_by_id])
    unread = row.readers.filter(read_at=None).select_related("person").order_by("person__no")[:100] if may_see else ()
    return "administration/parts/revision_readers.html", {
        "done": done,
        "told": told,
        "unread": unread,
        "may_see": may_see,
    }


class RevisionRecord(RecordPage):
    """One revision: what changes, beside the version before; who decides, from when, who knows."""

    model, permission, nav = Revision, read_revisions, "revisions"
    do_url, template_name = "administration:revision-do", "administration/revision.html"
    select_related = ["record__unit", "drafted_by", "post", "description__superior"]
    facts = [
        Column("get_kind_display", _("类别")), Column("post.shown_name", _("岗位")), Column("edition", _("版次"), kind="number"),
        Column("effective_on", _("生效日期"), kind="date"), Column("drafted_by.shown_name", _("起草人")),
        Column("drafted_at", _("起草时间"), kind="when"), Column("approved_at", _("批准时间"), kind="when"),
        Column("in_force_at", _("生效时间"), kind="when"), Column("replaced_on", _("被代替日期"), kind="date"), Column("reason", _("修订理由"), wide=True),
    ]  # fmt: skip
    parts = [Part("readers", _("签收情况"), readers_part), *records_parts("files", "comments", "trail")]

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return self.object.title

    def next_step(self) -> Any:
        writing = _("添加调整事项，再提交审核") if self.object.kind == K.CHART else _("填写岗位说明，再提交审核")
        return {
            S.DRAFT: writing, S.RETURNED: _("按意见修改后重新提交"), S.REVIEW: _("等待审核"), S.PROPOSED: _("等待批准"),
            S.APPROVED: _("到生效日自动执行；有关的人请签收"),
        }.get(self.object.status, "")  # fmt: skip

    def holder(self) -> Any:
        if self.object.status in (S.DRAFT, S.RETURNED):
            return self.object.drafted_by.shown_name if self.object.drafted_by else ""
        if self.object.status not in (S.REVIEW, S.PROPOSED):
            return ""
        return join(p.shown_name for step in waiting_for(self.object.record_id) for p in who_has(step, self.at))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row: Revision = self.object
        is_chart = row.kind == K.CHART
        last = reads.before(row)
        old = last.description.texts() if last is not None and not is_chart else None
        trouble = [Refusal(one["code"], one["text"], one["params"]) for one in row.trouble]
        may_write = row.status in (S.DRAFT, S.RETURNED) and self.actor.is_any_of([row.drafted_by_id])
        return super().get_context_data(
            is_chart=is_chart, last=last, trouble=trouble, may_write=may_write,
            lines=reads.shown_lines(row, self.at) if is_chart else (),
            changes=[] if is_chart else reads.text_changes(row.description.texts(), old),
            superior=None if is_chart else row.description.superior,
            **steps_shown(row.record_id, self.actor), **kwargs,
        )  # fmt: skip


class RevisionDo(TransitionPage):
    record_page, forms, nav = RevisionRecord, REVISION_FORMS, "revisions"

    def get_initial(self) -> dict[str, Any]:
        row, name = self.subject(), self.kwargs["name"]
        if name == "reword":
            return {"title": row.title, "reason": row.reason, "effective_on": row.effective_on}
        if name == "describe" and row.kind == K.POST:
            return dict(row.description.texts())
        asked = self.request.GET.get("line", "")
        return {"line": asked} if name == "drop_line" and asked.isascii() and asked.isdigit() and len(asked) < 4 else {}


class Posts(Page):
    """岗位说明: every post with the version in force; the reader's own first."""

    permission, title, nav, template_name = read_revisions, _("岗位说明"), "posts", "administration/posts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        held = {
            row.post_id: row for row in Revision.objects.filter(kind=K.POST, status=S.IN_FORCE).select_related("record")
        }
        rows = Revision.objects.filter(kind=K.POST, status__in=Revision.RUNNING).select_related("record")
        seen = {row.post_id: row for row in rows if self._may_see(row)}
        posts = sorted(Post.objects.all(), key=lambda post: (post.pk not in self.actor.posts, post.order))
        lines = [
            {"post": p, "version": held.get(p.pk), "running": seen.get(p.pk), "is_own": p.pk in self.actor.posts}
            for p in posts
        ]
        return super().get_context_data(lines=lines, may_draft=is_open(draft_post, by=self.actor, at=self.at), **kwargs)

    def _may_see(self, row: Revision) -> bool:
        is_manager = any(seat.grade >= Grade.DEPARTMENT_MANAGER for seat in self.actor.seats) or self.actor.holds(
            *REVISERS
        )
        return row.status in Revision.KNOWN or is_manager or self.actor.is_any_of([row.drafted_by_id])


class DayForm(Form):
    on = DateField(label=_("看哪一天"), required=False)


class PostPage(Page):
    """One post's description as it bound on a day, and all its versions."""

    permission, nav, template_name = read_revisions, "posts", "administration/post.html"

    @cached_property
    def post_shown(self) -> Post:
        found = Post.objects.filter(pk=self.kwargs["code"]).first()
        if found is None:
            raise Http404
        return found

    def page_title(self) -> Any:
        return gettext("%(post)s岗位说明") % {"post": self.post_shown.shown_name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today: dt.date = clock.local_date(self.at)
        form = DayForm({"on": self.request.GET.get("on") or today.isoformat()}, actor=self.actor, at=self.at)
        day = form.cleaned_data["on"] if form.is_valid() else today
        found = reads.description_on(self.post_shown.pk, day)
        return super().get_context_data(
            post=self.post_shown, form=form, day=day, found=found, texts=reads.text_changes(found.texts(), None) if found else [],
            editions=list(reads.editions_of(K.POST, self.post_shown.pk)[:50]), may_draft=is_open(draft_post, by=self.actor, at=self.at),
            handbook=reverse("policy:post", args=[self.post_shown.pk]), **kwargs,
        )  # fmt: skip
