"""Forms of the chart, people, absences, logins and settings."""

from __future__ import annotations

from typing import Any

from django import forms as base
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.organisation.models import DayOff, Person, Post, Unit
from zhangfa.organisation.web.fields import person_field, seat_field, unit_field
from zhangfa.ui.forms import DateField, DateTimeField, Form, PhoneField, TextField
from zhangfa.ui.visitor import knows_password


class UnitForm(Form):
    code = TextField(label=_("代码"), max_length=20, help_text=_("简短、不重复，例如 W07。"))
    name = TextField(label=_("名称"), max_length=60)
    name_en = TextField(label=_("英文名称"), max_length=80, required=False)


class UnitCreateForm(UnitForm):
    kind = base.ChoiceField(label=_("类型"), choices=[c for c in Unit.Kind.choices if c[0] != "company"])
    parent = unit_field(label=_("上级单位"))
    field_order = ["kind", "parent", "code", "name", "name_en"]


class UnitMoveForm(Form):
    parent = unit_field(label=_("新的上级单位"))


class SeatForm(Form):
    post = base.ModelChoiceField(label=_("岗位"), queryset=Post.objects.order_by("order"), empty_label=_("请选择"))
    reports_to = seat_field(
        label=_("直接上级"), required=False, help_text=_("除总经理外都应有直接上级；审批和升级都按这条线走。")
    )


class SuperiorForm(Form):
    reports_to = seat_field(label=_("直接上级"))


class HoldForm(Form):
    person = person_field(label=_("任职人"))
    from_on = DateField(label=_("从哪天起"))
    to_on = DateField(label=_("到哪天止"), required=False, help_text=_("当天仍在任；不填表示一直在任。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["from_on"].initial = clock.local_date(self.at) if self.at else None


class EndForm(Form):
    to_on = DateField(label=_("最后一天"), help_text=_("当天仍在任，第二天起不再看得到这个岗位的内容。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to_on"].initial = clock.local_date(self.at) if self.at else None


class ChargeForm(Form):
    seat = seat_field(label=_("分管领导的席位"))
    from_on = DateField(label=_("从哪天起"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["from_on"].initial = clock.local_date(self.at) if self.at else None


class PersonForm(Form):
    no = TextField(label=_("工号"), max_length=20)
    name = TextField(label=_("姓名"), max_length=60)
    name_en = TextField(label=_("英文或拼音姓名"), max_length=80, required=False)
    phone = PhoneField(label=_("手机"), required=False, help_text=_("加密保存，页面上只显示首尾几位。"))
    joined_on = DateField(label=_("入职日期"))


class PersonCreateForm(PersonForm):
    kind = base.ChoiceField(label=_("类别"), choices=Person.Kind.choices, initial="staff")
    field_order = ["kind", "no", "name", "name_en", "phone", "joined_on"]


class PersonEditForm(PersonForm):
    left_on = DateField(label=_("离职日期"), required=False)
    new_phone = PhoneField(label=_("新手机"), required=False, help_text=_("不填表示不变。"))
    field_order = ["no", "name", "name_en", "new_phone", "joined_on", "left_on"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # The number in file never travels to the page: a new one replaces it, nothing keeps it.
        del self.fields["phone"]

    def params(self) -> dict[str, Any]:
        fields = super().params()
        phone = fields.pop("new_phone")
        return {**fields, **({"phone": phone} if phone else {})}


class ReasonForm(Form):
    reason = TextField(
        label=_("查看原因"), max_length=100, min_length=2, help_text=_("谁在什么时候为什么查看，都会留下记录。")
    )


class AbsenceForm(Form):
    from_at = DateTimeField(label=_("开始时间"))
    to_at = DateTimeField(label=_("结束时间"))
    delegate = person_field(
        "delegates",
        label=_("代理人"),
        required=False,
        help_text=_("代理人在这段时间以您的岗位办事；不选则由直接上级处理，不会向下转。"),
    )
    reason = TextField(label=_("原因"), max_length=200, required=False)


class UserForm(Form):
    username = TextField(label=_("登录名"), max_length=60, help_text=_("字母、数字和 . _ - 均可。"))
    person = person_field(
        label=_("属于谁"), required=False, help_text=_("系统管理员账号可以不属于任何人，也看不到任何表单。")
    )
    is_technical = base.BooleanField(label=_("系统管理员：管理账号、席位和设置"), required=False)
    password = base.CharField(
        label=_("初始密码"),
        max_length=128,
        widget=base.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("本人第一次登录时要先改成自己的密码。"),
    )

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"])
        if not all(char.isalnum() or char in "._-@+" for char in name):
            raise base.ValidationError(_("登录名只能用字母、数字和 . _ - @ +。"), code="username")
        return name


class PasswordForm(Form):
    password = base.CharField(
        label=_("新密码"),
        max_length=128,
        widget=base.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("本人下次登录时要先改成自己的密码。"),
    )
    is_phone_lost = base.BooleanField(
        label=_("手机丢失：同时关闭两步验证"), required=False, help_text=_("本人登录后可以用新手机重新启用。")
    )


class TokenForm(Form):
    request: Any = None
    label = TextField(label=_("名称"), max_length=60, help_text=_("写清楚给哪个程序用，例如“月底对账”。"))
    expires_on = DateField(label=_("到期日"), help_text=_("到这一天的 24:00，最长一年。"))
    current_password = base.CharField(
        label=_("登录密码"), max_length=128, widget=base.PasswordInput({"autocomplete": "current-password"})
    )

    def clean_current_password(self) -> str:
        if not knows_password(self.request, self.cleaned_data["current_password"]):
            raise base.ValidationError(_("密码不对。"), code="password")
        return ""

    def params(self) -> dict[str, Any]:
        return {"label": self.cleaned_data["label"], "expires_on": self.cleaned_data["expires_on"]}


class CompanyForm(Form):
    name = TextField(label=_("公司名称"), max_length=80, help_text=_("印在每一张表单的抬头。"))
    name_en = TextField(label=_("英文名称"), max_length=120, required=False)


class DayForm(Form):
    day = DateField(label=_("日期"))
    kind = base.ChoiceField(label=_("类别"), choices=DayOff.Kind.choices)
    name = TextField(label=_("名称"), max_length=40, required=False)
