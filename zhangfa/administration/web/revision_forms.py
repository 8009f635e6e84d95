"""Forms of a revision: its head, one for each kind of line, and the texts of a description."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms as base
from django.utils.translation import gettext_lazy as _

from zhangfa.administration.revision_rules import LONGEST
from zhangfa.core import clock
from zhangfa.organisation.models import Post, Unit
from zhangfa.organisation.web.fields import seat_field, unit_field
from zhangfa.ui.forms import DateField, Form, TextField, WholeField

NEW_UNIT = _("或本单第几行新设的单位")
NEW_SEAT = _("或本单第几行新设的席位")


class PostField(base.ModelChoiceField):
    """A post of the handbook by its code."""

    def __init__(self, **kwargs: Any):
        super().__init__(queryset=Post.objects.order_by("order"), **kwargs)


class RevisionForm(Form):
    title = TextField(label=_("修订名称"), max_length=120)
    reason = TextField(label=_("修订理由"), max_length=1000, multiline=True)
    effective_on = DateField(label=_("生效日期"), help_text=_("当日零时起，最早是明天；批准晚了则从批准的次日起。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["effective_on"].initial = clock.local_date(self.at) + dt.timedelta(days=7)


class PostRevisionForm(RevisionForm):
    post = PostField(label=_("岗位"))
    field_order = ("post", "title", "reason", "effective_on")


class _Line(Form):
    def params(self) -> dict[str, Any]:
        """An empty number means none; an empty text is a text."""
        given = super().params()
        return {name: self._plain(name, value) for name, value in given.items()}

    def _plain(self, name: str, value: Any) -> Any:
        if name.startswith("new_"):
            return value or 0
        return "" if value is None and isinstance(self.fields[name], TextField) else value


def _number(label: Any) -> WholeField:
    return WholeField(label=label, min_value=1, max_value=999, required=False)


class OpenUnitForm(_Line):
    unit_kind = base.ChoiceField(label=_("类型"), choices=[c for c in Unit.Kind.choices if c[0] != "company"])
    code = TextField(label=_("代码"), max_length=20, help_text=_("简短、不重复，例如 W07。"))
    name = TextField(label=_("名称"), max_length=60)
    name_en = TextField(label=_("英文名称"), max_length=80, required=False)
    parent = unit_field(label=_("上级单位"), required=False)
    new_unit = _number(NEW_UNIT)


class AddSeatForm(_Line):
    post = PostField(label=_("岗位"))
    unit = unit_field(label=_("单位"), required=False)
    new_unit = _number(NEW_UNIT)
    above = seat_field(label=_("直接上级"), required=False)
    new_above = _number(NEW_SEAT)


class MoveSeatForm(_Line):
    seat = seat_field(label=_("哪个席位"))
    unit = unit_field(label=_("换到哪个单位"), required=False, help_text=_("不换单位就不填。"))
    new_unit = _number(NEW_UNIT)
    above = seat_field(label=_("改由谁直接管理"), required=False, help_text=_("不改就不填。"))
    new_above = _number(NEW_SEAT)


class CloseSeatForm(_Line):
    seat = seat_field(label=_("哪个席位"))
    moves_to = seat_field(label=_("任职人转到哪个席位"), required=False, help_text=_("席位没有人在任就不填。"))
    new_moves_to = _number(NEW_SEAT)


class MoveUnitForm(_Line):
    unit = unit_field(label=_("哪个单位"))
    parent = unit_field(label=_("新的上级单位"), required=False)
    new_unit = _number(NEW_UNIT)


class RenameUnitForm(_Line):
    unit = unit_field(label=_("哪个单位"))
    name = TextField(label=_("新的名称"), max_length=60)
    name_en = TextField(label=_("英文名称"), max_length=80, required=False)


class CloseUnitForm(_Line):
    unit = unit_field(label=_("哪个单位"), help_text=_("下面的单位和席位也要在本单里停用或调走。"))


class DropLineForm(Form):
    line = WholeField(label=_("第几行"), min_value=1, max_value=999)


class DescribeForm(Form):
    superior = PostField(label=_("直接上级岗位"), required=False)
    purpose = TextField(label=_("岗位目的"), max_length=1000, multiline=True, help_text=_("公司为什么设这个岗位。"))
    duties = TextField(label=_("岗位职责"), max_length=LONGEST, multiline=True, help_text=_("一行一条。"))
    procedures = TextField(
        label=_("作业流程"), max_length=LONGEST, multiline=True, required=False, help_text=_("一行一条。")
    )
    powers = TextField(label=_("权限"), max_length=LONGEST, multiline=True, help_text=_("可以自己决定什么，一行一条。"))
    limits = TextField(
        label=_("权限的限制"),
        max_length=LONGEST,
        multiline=True,
        required=False,
        help_text=_("到什么数额、什么情况必须请示，一行一条。"),
    )
    discipline = TextField(
        label=_("岗位纪律"), max_length=LONGEST, multiline=True, required=False, help_text=_("一行一条。")
    )
    requirements = TextField(
        label=_("任职要求"), max_length=LONGEST, multiline=True, help_text=_("学历、经验、能力，一行一条。")
    )

    def params(self) -> dict[str, Any]:
        return {name: value if name == "superior" else value or "" for name, value in super().params().items()}


class OpinionForm(Form):
    opinion = TextField(label=_("退回的原因"), max_length=400, multiline=True)


REVISION_FORMS: dict[str, type[Any]] = {
    "reword": RevisionForm, "open_unit": OpenUnitForm, "add_seat": AddSeatForm, "move_seat": MoveSeatForm,
    "close_seat": CloseSeatForm, "move_unit": MoveUnitForm, "rename_unit": RenameUnitForm, "close_unit": CloseUnitForm,
    "drop_line": DropLineForm, "describe": DescribeForm, "call_back": OpinionForm,
}  # fmt: skip
