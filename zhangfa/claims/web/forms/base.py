"""What the forms of a case share: looked-up choices become rows, left-out amounts become zero."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhangfa.ui.forms import Form, TextField, WholeField

CHOOSE = [("", _("请选择"))]


class CaseForm(Form):
    """A form of the claims app: `rows` names the look-ups with their models, `zero` the amounts that default to nothing."""

    rows: dict[str, Any] = {}
    zero: tuple[str, ...] = ()

    def params(self) -> dict[str, Any]:
        values = super().params()
        for name in self.rows.keys() & values.keys():
            values[name] = self.rows[name].objects.filter(pk=values[name]).first() if values[name] else None
        for name in self.zero:
            values[name] = values[name] or 0
        return values


class ItemField(WholeField):
    """One of the case's damaged objects, by its number."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("label", _("被损物"))
        super().__init__(min_value=1, **kwargs)


class ItemForm(CaseForm):
    """A form about one damaged object: on a page it is chosen among those of the case."""

    item = ItemField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        items = getattr(self.target, "items", None)
        if items is not None:
            # Asked for only where the form is shown.
            self.fields["item"].widget = forms.Select(choices=lambda: _item_names(items))


def _item_names(items: Any) -> list[tuple[Any, Any]]:
    names = [(item.pk, f"{item.name} {item.brand_model}".strip()) for item in items.order_by("pk")]
    return names if len(names) == 1 else [*CHOOSE, *names]


def radio(choices: Any, **kwargs: Any) -> forms.ChoiceField:
    """One of a few, each a target for a thumb."""
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **kwargs)


def archive_field() -> TextField:
    """What a contact adds to the customer's archive; left empty, the visit sheet stays owed (CC-D8)."""
    return TextField(
        label=_("写入客户档案的内容"), max_length=1000, multiline=True, required=False,
        help_text=_("没有变化请写“无”；现在不填，稍后须补写《访问客户登记记录表》。"),
    )  # fmt: skip
