"""登录与令牌: one's own browsers and tokens, to look through and to end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation.actions import own
from zhangfa.organisation.models import SignIn
from zhangfa.organisation.signing_in import device_words, facts_of
from zhangfa.organisation.web.common import OnePage
from zhangfa.organisation.web.forms import TokenForm
from zhangfa.runtime import tokens
from zhangfa.runtime.models import ApiToken
from zhangfa.ui.access import everyone
from zhangfa.ui.forms import Form as ConfirmForm
from zhangfa.ui.pages import FormPage, Page

USUAL = dt.timedelta(days=90)


class Access(Page):
    """Where one is signed in, and which programs may sign in as oneself."""

    permission, title, nav = everyone, _("登录与令牌"), "me"
    template_name = "organisation/access.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own_tokens = tokens.standing(self.request.user.pk, self.at).order_by("-pk")
        return super().get_context_data(lines=self.lines(), tokens=own_tokens, **kwargs)

    def lines(self) -> list[dict[str, Any]]:
        """This browser first, then the newest; one that signed in before they were noted stands there too."""
        rows = list(SignIn.objects.running(self.at).filter(user_id=self.request.user.pk).order_by("-signed_in_at"))
        key = self.request.session.session_key
        if not any(row.session_key == key for row in rows):
            rows.append(SignIn(session_key=key, **{**facts_of(self.request, self.request.user), "signed_in_at": None}))
        rows.sort(key=lambda row: row.session_key != key)
        lang = "en" if (get_language() or "").startswith("en") else "zh"
        return [
            {"row": row, "device": device_words(row.device, lang), "is_this": row.session_key == key} for row in rows
        ]


class OwnPost(Page, abstract=True):
    """A button of the page: done at once, and back to it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        messages.success(request, self.act())
        return HttpResponseRedirect(reverse("organisation:access"), status=303)

    def act(self) -> str:
        """Do it, and say what was done."""
        raise NotImplementedError


class SessionEnd(OwnPost):
    permission = everyone

    def act(self) -> str:
        rows = SignIn.objects.filter(user_id=self.request.user.pk).exclude(session_key=self.request.session.session_key)
        own.end_session(get_object_or_404(rows, pk=self.kwargs["pk"]), by=self.actor, at=self.at)
        return gettext("这个设备已退出登录。")


class OthersEnd(OwnPost):
    permission = everyone

    def act(self) -> str:
        count = own.end_other_sessions(self.request.session.session_key or "", by=self.actor, at=self.at)
        return gettext("已退出其他 %(count)s 个登录。") % {"count": count}


class TokenCreate(FormPage):
    """A token is shown this one time, on the page that answers the form."""

    permission, title, form_class, nav = everyone, _("生成接口令牌"), TokenForm, "me"
    template_name, fragment_template = "organisation/token.html", "organisation/token_made.html"
    submit_label = _("生成令牌")
    help = _("给自己的程序用：它以您的身份读写，看得到的和做得到的都与您一样。不要把令牌发给别人。")

    def get_initial(self) -> dict[str, Any]:
        return {"expires_on": clock.local_date(self.at) + USUAL}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.request = self.request
        return form

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("organisation:access")

    def act(self, form: Any) -> Any:
        return own.make_token(**form.params(), by=self.actor, at=self.at)

    def done_url(self, outcome: Any) -> str:
        return self.back_url

    def done_message(self, outcome: Any) -> str:
        return ""

    def succeed(self, url: str) -> HttpResponse:
        if self.outcome is None:  # the same form again: the token was shown before
            return super().succeed(url)
        context = self.get_context_data(made=self.outcome)
        template = self.fragment_template if self.is_fragment else self.template_name
        return self.response_class(self.request, template, context)


class TokenRevoke(OnePage):
    model, permission, title, form_class, nav = ApiToken, everyone, _("撤销接口令牌"), ConfirmForm, "me"
    submit_label, is_dangerous = _("撤销令牌"), True

    def rows(self) -> Any:
        return tokens.standing(self.request.user.pk, self.at)

    def page_title(self) -> Any:
        return gettext("撤销令牌“%(label)s”") % {"label": self.object.label}

    @property
    def help(self) -> Any:  # type: ignore[override]
        return _("用这个令牌的程序会立刻连不上，撤销后不能恢复。")

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("organisation:access")

    def act(self, form: Any) -> None:
        own.revoke_token(self.subject(), by=self.actor, at=self.at)

    def done_message(self, outcome: Any) -> str:
        return gettext("令牌已撤销。")

    def done_url(self, outcome: Any) -> str:
        return self.back_url
