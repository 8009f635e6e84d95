"""Pressure on the person responsible: reported by them, read and answered above the handler (CC-D3)."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.claims import actions, permissions
from zhangfa.claims.models import Pressure
from zhangfa.claims.web.forms.base import CaseForm
from zhangfa.claims.web.more import OfCase
from zhangfa.core.decisions import Refusal, Refused
from zhangfa.ui.access import is_open
from zhangfa.ui.forms import TextField


class PressureForm(CaseForm):
    """What was said or done, in the words of the one concerned."""

    text = TextField(
        label=lazy("受到什么压力"), max_length=2000, multiline=True, help_text=lazy("谁、什么时候、说了或做了什么。")
    )


class PressureAnswerForm(CaseForm):
    """What was found and done about it."""

    answer = TextField(label=lazy("答复"), max_length=2000, multiline=True, help_text=lazy("查了什么、怎么处理的。"))


class PressurePage(OfCase):
    """The reports of one case, with the one form that this person may send."""

    permission = permissions.read_pressure
    title = lazy("反映受到的压力")
    template_name = "claims/pressure.html"
    help = lazy("只有您、客服中心经理和公司领导看得到，经办人看不到。")

    @cached_property
    def is_own(self) -> bool:
        return is_open(permissions.report_pressure, by=self.actor, at=self.at, obj=self.subject())

    @cached_property
    def rows(self) -> list[Pressure]:
        found = Pressure.objects.filter(case=self.subject()).select_related("person", "answered_by").order_by("pk")
        return list(found.filter(person_id=self.actor.person_id) if self.is_own else found)

    @cached_property
    def waiting(self) -> Pressure | None:
        return None if self.is_own else next((row for row in self.rows if row.answered_at is None), None)

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return PressureForm if self.is_own else PressureAnswerForm

    @property
    def submit_label(self) -> Any:  # type: ignore[override]
        return lazy("反映给客服中心经理") if self.is_own else lazy("答复")

    def act(self, form: Any) -> Any:
        if self.is_own:
            return actions.report_pressure(self.subject(), by=self.actor, at=self.at, **form.params())
        if self.waiting is None:
            raise Refused([Refusal("pressure.none", _("没有等待答复的反映。"), {}, "CC-D3")])
        return actions.answer_pressure(self.waiting, by=self.actor, at=self.at, **form.params())

    def done_url(self, outcome: Any) -> str:
        return f"{self.back_url}pressure/"

    def done_message(self, outcome: Any) -> str:
        return _("已反映，等待答复。") if self.is_own else _("已答复。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            rows=self.rows, is_own=self.is_own, has_form=self.is_own or bool(self.waiting), **kwargs
        )
