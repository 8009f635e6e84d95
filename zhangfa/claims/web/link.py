"""The customer's own link: a score and a few words, without signing in and without any detail of the case (CC-W1.6)."""

from __future__ import annotations

import base64
import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.claims import actions, permissions
from zhangfa.claims.actions.closing import case_behind
from zhangfa.claims.web.forms.base import CaseForm, radio
from zhangfa.claims.web.forms.closing import SCORES, RateForm
from zhangfa.claims.web.more import OfCase
from zhangfa.core.decisions import Refused
from zhangfa.policy.queries import value
from zhangfa.runtime import tallies
from zhangfa.ui.access import public
from zhangfa.ui.forms import TextField
from zhangfa.ui.pages import FormPage
from zhangfa.ui.visitor import client_address

TRIES_A_MINUTE = 20


class MakeLink(OfCase):
    """Make the customer's link and show it once, as an address and as a code to scan."""

    permission = permissions.make_links
    title, form_class, submit_label = lazy("客户评价链接"), CaseForm, lazy("生成链接")
    template_name = fragment_template = "claims/link.html"
    help = lazy("链接 30 天内有效，只能用一次；再次生成后旧链接作废。页面上只有公司名、编号和日期。")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        form.is_valid()
        try:
            token = actions.make_link(self.subject(), by=self.actor, at=self.at)
        except Refused as refused:
            form.refuse(refused.refusals)
            return self.show(form, status=422)
        address = request.build_absolute_uri(f"/s/{token}/")
        context = self.get_context_data(form=form, address=address, code=picture(address))
        return self.response_class(request, "claims/link.html", context, headers={"Cache-Control": "no-store"})


def picture(address: str) -> str:
    """The address as a code to scan, as an image that needs no second request."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    made = qrcode.make(address, image_factory=SvgPathImage, border=2)
    out = io.BytesIO()
    made.save(out)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


class AnswerForm(RateForm):
    """The customer's own words for it."""

    score = radio(SCORES, label=lazy("您对处理结果满意吗？"))
    words = TextField(label=lazy("想对我们说的话"), max_length=1000, multiline=True, required=False)


class Answer(FormPage):
    """What the customer sees: company, number and date, five choices and room for words."""

    permission = public
    title = lazy("请您评价这次处理")
    template_name = fragment_template = "claims/answer.html"
    form_class = AnswerForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.is_hasty(request):
            return self.plain(request, _("打开得太频繁，请稍等一分钟再试。"), 429)
        if request.user.is_authenticated:
            # Whoever is signed in here works for the company: the score is the customer's own (CC-W1.6).
            return self.plain(request, _("这个链接只供客户本人填写。您已用员工账号登录，请把链接发给客户。"), 403)
        self.case = case_behind(self.kwargs["token"], self.at)
        if self.case is None:
            return self.plain(request, _("这个链接已经用过或已失效。需要再次评价时，请联系我们的经办人。"), 404)
        response = super().dispatch(request, *args, **kwargs)
        # The address is the key: it must not lie in a cache nor in a search engine.
        response["Cache-Control"], response["X-Robots-Tag"] = "no-store", "noindex"
        return response

    def is_hasty(self, request: HttpRequest) -> bool:
        """A few tries a minute and address, whichever process answers; guessing has no chance anyway."""
        return tallies.count(f"claims-link:{client_address(request)}", at=self.at) > TRIES_A_MINUTE

    def plain(self, request: HttpRequest, text: str, status: int) -> HttpResponse:
        context = {"title": _("客户评价"), "text": text, "is_over": True}
        return self.response_class(
            request, "claims/answer_over.html", context, headers={"Cache-Control": "no-store"}, status=status
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            assert self.case is not None
            actions.rate_by_link(self.case, at=self.at, **form.params())
        except Refused as refused:
            form.refuse(refused.refusals)
            return self.show(form, status=422)
        text = _("谢谢您的评价，已经记下。")
        if form.cleaned_data["score"] < int(value("claims.close_min_satisfaction", self.at)):
            text = _("谢谢您的评价，已经记下。没能让您满意，很抱歉，我们会再与您联系。")
        template = "claims/parts/answer_done.html" if self.is_fragment else "claims/answer_over.html"
        return self.response_class(request, template, {"title": _("谢谢"), "text": text})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assert self.case is not None
        return super().get_context_data(number=self.case.record.number, day=self.case.reported_at, **kwargs)
