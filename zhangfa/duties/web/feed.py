"""The calendar address of a person: its page, and the file that a calendar program reads."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.duties import actions, ical, queries, wording
from zhangfa.duties.permissions import read_duties
from zhangfa.duties.upcoming import ahead
from zhangfa.organisation.actor import Actor, actor_for_person
from zhangfa.organisation.models import User
from zhangfa.ui.access import public
from zhangfa.ui.forms import Form
from zhangfa.ui.pages import FormPage, Page

DAYS = 60
SHOWN = "duties_feed_token"


class FeedForm(Form):
    """A button and nothing to fill in."""


class FeedPage(FormPage):
    """Make the address, see it once, end it."""

    permission, nav, form_class = read_duties, "duties", FeedForm
    title, template_name = _("日历订阅"), "duties/feed.html"
    submit_label, success_url = _("生成新的订阅地址"), "/duties/feed/"

    def act(self, form: Any) -> Any:
        if "close" in self.request.POST:
            actions.close_feed(by=self.actor, at=self.at)
            return None
        # Kept for the next page only: the table has its digest.
        self.request.session[SHOWN] = actions.open_feed(by=self.actor, at=self.at)
        return None

    def done_message(self, outcome: Any) -> str:
        return gettext("已停用。") if "close" in self.request.POST else gettext("已生成，请复制到日历里。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        token = self.request.session.pop(SHOWN, "") if self.request.method == "GET" else ""
        address = self.request.build_absolute_uri(reverse("duties:feed-file", args=[token])) if token else ""
        return super().get_context_data(address=address, feed=queries.feed_of(self.actor), **kwargs)


class FeedFile(Page):
    """The file: open to whoever knows the token, and to nobody once it is ended."""

    permission = public

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = queries.person_behind(self.kwargs["token"])
        if person is None:
            raise Http404
        # A calendar program says no language that its owner chose.
        user = User.objects.filter(person=person).first()
        with translation.override((user and user.language) or settings.LANGUAGE_CODE):
            body = self.calendar(actor_for_person(person, self.at))
        return HttpResponse(
            body, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"}
        )

    def calendar(self, actor: Actor) -> str:
        entries = [self.standing(row) for row in queries.my_duties(actor, self.at)]
        entries += [
            ical.Entry(
                f"{row.duty.key}{row.seat}.{row.period.name}",
                wording.name_of(row.duty.key),
                row.period.due_at,
                self.link("/duties/"),
            )
            for row in ahead(actor, self.at, DAYS)
        ]
        return ical.file(entries, name=gettext("章法：我的职责"), at=self.at)

    def standing(self, row: Any) -> ical.Entry:
        uid = (
            f"{row.duty_id}{row.seat_id}.{row.period}"
            if row.subject_key in ("seat", "company")
            else f"occurrence-{row.pk}"
        )
        return ical.Entry(uid, str(row.duty), row.due_at, self.link(row.get_absolute_url()))

    def link(self, path: str) -> str:
        return self.request.build_absolute_uri(path)
