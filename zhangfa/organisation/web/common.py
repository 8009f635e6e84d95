"""What the pages of the chart share: the object of a form, and the things one may do on a page with the reasons why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from zhangfa.core.decisions import Refusal
from zhangfa.ui.access import Permission
from zhangfa.ui.pages import FormPage


@dataclass(frozen=True)
class Doing:
    """A button: open where nothing is refused, else with the reasons."""

    label: Any
    url: str
    refusals: tuple[Refusal, ...] = ()
    is_main: bool = False


class Doings(list[Doing]):
    """The buttons of a page. Where none of them works for this person, one line says who could."""

    @property
    def is_any_open(self) -> bool:
        return any(not doing.refusals for doing in self)

    @property
    def refusals(self) -> list[Refusal]:
        return list({refusal.code: refusal for doing in self for refusal in doing.refusals}.values())


def doing(label: Any, url_name: str, page: Any, permission: Permission, obj: Any = None, **kwargs: Any) -> Doing:
    """The button to another page about this object."""
    url = reverse(url_name, kwargs={**({"pk": obj.pk} if obj is not None else {}), **kwargs})
    return Doing(label, url, tuple(permission(obj, by=page.actor, at=page.at)))


def doings(page: Any, permission: Permission, obj: Any, *buttons: tuple[Any, str]) -> list[Doing]:
    """Several buttons behind one permission, which is asked once."""
    refusals = tuple(permission(obj, by=page.actor, at=page.at))
    return [Doing(label, reverse(url_name, kwargs={"pk": obj.pk}), refusals) for label, url_name in buttons]


class OnePage(FormPage, abstract=True):
    """A form about one object that the actor may see."""

    model: Any
    object: Any

    def subject(self) -> Any:
        if not hasattr(self, "object"):
            self.object = get_object_or_404(self.rows(), pk=self.kwargs["pk"])
        return self.object

    def rows(self) -> Any:
        return self.model.objects.visible_to(self.actor)

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return str(self.subject().get_absolute_url())

    def page_title(self) -> Any:
        return self.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.subject(), **kwargs)
