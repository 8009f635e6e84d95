"""Logins, the company's settings and its calendar."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.actions import days, settings, users
from zhangfa.organisation.models import Company, DayOff, User
from zhangfa.organisation.permissions import edit_chart, edit_company, manage_users, read_chart
from zhangfa.organisation.web import forms
from zhangfa.organisation.web.common import OnePage
from zhangfa.ui import words
from zhangfa.ui.access import is_open
from zhangfa.ui.forms import Form as ConfirmForm
from zhangfa.ui.pages import FormPage, ListPage
from zhangfa.ui.tables import Column, Empty, Link


def user_links(user: User, page: Any) -> Any:
    return format_html(
        '<a href="{}">{}</a> · <a href="{}">{}</a>', reverse("organisation:user-password", args=[user.pk]), _("重设密码"),
        reverse("organisation:user-activity", args=[user.pk]), _("停用账号") if user.is_active else _("启用账号"),
    )  # fmt: skip


class Users(ListPage):
    model, permission, title, nav = User, manage_users, _("登录账号"), "users"
    columns = [
        Column("username", _("登录名"), phone="title"),
        Column("person.shown_name", _("属于")),
        Column("is_technical", _("系统管理员"), kind="bool"),
        Column("is_active", _("可登录"), kind="bool", phone="badge"),
        Column("last_login", _("最近登录"), kind="when"),
        Column("links", _("办理"), value=user_links, export=False),
    ]
    sorts = {"name": (_("登录名"), "username"), "new": (_("最新"), "-id")}
    select_related = ["person"]
    links = [Link("organisation:user-new", _("新建账号"), icon="user-plus", permission=manage_users)]
    empty = Empty(_("还没有账号"), _("从“新建账号”开始。"), "users")

    def rows(self) -> QuerySet[Any]:
        return User.objects.all()

    def search(self, rows: QuerySet[Any], q: str) -> QuerySet[Any]:
        return rows.filter(Q(username__icontains=q) | Q(person__search_key__named=q)) if q else rows

    def row_url(self, row: User) -> str:
        return ""


class UserPage(OnePage, abstract=True):
    """A form about one login; back to the list."""

    model, permission, nav = User, manage_users, "users"

    def rows(self) -> Any:
        return User.objects.select_related("person")

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("organisation:users")

    def done_url(self, outcome: Any) -> str:
        return self.back_url


class UserCreate(FormPage):
    permission, title, form_class, nav = manage_users, _("新建账号"), forms.UserForm, "users"

    def act(self, form: Any) -> None:
        users.create(**form.params(), by=self.actor, at=self.at)

    def done_url(self, outcome: Any) -> str:
        return reverse("organisation:users")


class UserPassword(UserPage):
    permission, title, form_class = manage_users, _("重设密码"), forms.PasswordForm
    help = _("重设后，这个账号在所有设备上都要重新登录，接口令牌也随之失效。")

    def act(self, form: Any) -> None:
        users.reset_password(self.object, **form.params(), by=self.actor, at=self.at)


class UserActivity(UserPage):
    permission, title, form_class = manage_users, _("启用或停用账号"), ConfirmForm

    def act(self, form: Any) -> None:
        users.set_active(self.object, is_active=not self.object.is_active, by=self.actor, at=self.at)


class CompanySettings(FormPage):
    permission, title, form_class, nav = edit_company, _("公司设置"), forms.CompanyForm, "company"
    submit_label = _("保存")

    def company(self) -> Company | None:
        return Company.objects.order_by("pk").first()

    def get_initial(self) -> dict[str, Any]:
        company = self.company()
        if company is None:
            return {}
        return {"name": company.name, "name_en": company.name_en}

    def act(self, form: Any) -> None:
        if company := self.company():
            settings.edit(company, **form.params(), by=self.actor, at=self.at)


def day_link(day_off: DayOff, page: Any) -> Any:
    if not is_open(edit_chart, by=page.actor, at=page.at):
        return ""
    return format_html('<a href="{}">{}</a>', reverse("organisation:day-unmark", args=[day_off.pk]), _("取消设定"))


class Calendar(ListPage):
    """公司日历: the days that differ from the weekday rule."""

    model, permission, title, nav = DayOff, read_chart, _("公司日历"), "calendar"
    columns = [
        Column("day", _("日期"), kind="date", phone="title"),
        Column("get_kind_display", _("类别"), phone="badge"),
        Column("name", _("名称"), value=lambda row, page: words.text(row.name)),
        Column("unmark", _("办理"), value=day_link, export=False),
    ]
    sorts = {"new": (_("最近"), "-day")}
    is_searchable = False
    links = [Link("organisation:day-new", _("设定一天"), icon="calendar-plus", permission=edit_chart)]
    empty = Empty(_("没有设定"), _("没有设定时，周一至周五上班。"), "calendar")

    def rows(self) -> QuerySet[Any]:
        return DayOff.objects.all()

    def row_url(self, row: DayOff) -> str:
        return ""


class DayMark(FormPage):
    permission, title, form_class, nav = edit_chart, _("设定一天"), forms.DayForm, "calendar"

    def act(self, form: Any) -> None:
        days.mark(**form.params(), by=self.actor, at=self.at)

    def done_url(self, outcome: Any) -> str:
        return reverse("organisation:calendar")


class DayUnmark(OnePage):
    model, permission, title, form_class, nav = DayOff, edit_chart, _("取消设定"), ConfirmForm, "calendar"

    def rows(self) -> Any:
        return DayOff.objects.all()

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("organisation:calendar")

    def act(self, form: Any) -> None:
        days.unmark(self.object, by=self.actor, at=self.at)

    def done_url(self, outcome: Any) -> str:
        return self.back_url
