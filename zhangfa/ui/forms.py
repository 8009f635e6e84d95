"""The form base and the fields that every app uses: text and numbers enter by one door."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Container
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhangfa.core import money
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import TextError, clean, national
from zhangfa.ui import registry, widgets, words

TEXT_ERRORS = {
    "nul": _("含有不能保存的字符，请删去后再试。"),
    "surrogate": _("含有无法识别的字符，请重新输入。"),
    "control": _("含有看不见的控制字符，请重新输入。"),
    "too_long": _("内容太长，请缩短后再试。"),
}
OUT_OF_BOUNDS = {
    "max_length": _("最多 %(limit_value)d 个字，现在有 %(show_value)d 个，请缩短。"),
    "min_length": _("至少 %(limit_value)d 个字，现在只有 %(show_value)d 个。"),
    "min_value": _("不能小于 %(limit_value)s。"),
    "max_value": _("不能大于 %(limit_value)s。"),
    "max_digits": _("最多 %(max)s 位数字。"),
    "max_decimal_places": _("小数最多 %(max)s 位。"),
    "max_whole_digits": _("小数点前最多 %(max)s 位数字。"),
}
UNREADABLE: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.IntegerField, _("请填写整数。")),
    (forms.DecimalField, _("请填写数字。")),
    (forms.DateField, _("请填写日期，例如 2026-03-02。")),
    (forms.DateTimeField, _("请填写日期和时间，例如 2026-03-02 09:30。")),
)
NO_CHOICE = _("请从给出的选项中选择。")
PNG = "data:image/png;base64,"
SIGNATURE_LIMIT = 300_000
FIRST_YEAR, LAST_YEAR = 1900, 2199
LONGEST_PERIOD = 366


class Form(forms.Form):
    """A form that knows who fills it in and when; `params()` is what the action receives."""

    required_css_class = "is-required"
    # What the step asks for in the case in hand although other cases may leave it out: no 选填 stands beside it.
    asked: Container[str] = ()

    def __init__(self, *args: Any, actor: Any = None, at: dt.datetime | None = None, target: Any = None, **kwargs: Any):
        self.actor, self.at, self.target = actor, at, target
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, LookupField):
                field.bind(actor, at)

    def full_clean(self) -> None:
        """Check in the product's own words; Django's would repeat a wrong choice, however long."""
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            if is_choice:
                field.error_messages |= {"invalid_choice": NO_CHOICE, "invalid_list": NO_CHOICE}
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _("请选择。") if is_choice else _("请填写。")
            for kind, text in UNREADABLE:
                if (
                    isinstance(field, kind)
                    and field.error_messages.get("invalid") == kind.default_error_messages["invalid"]
                ):
                    field.error_messages["invalid"] = text
            for code, text in OUT_OF_BOUNDS.items():
                field.error_messages.setdefault(code, text)
        super().full_clean()

    def params(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    def refuse(self, refusals: tuple[Refusal, ...]) -> None:
        """Put each refusal beside its field, or above the form when it belongs to none."""
        for refusal in refusals:
            said = words.say(refusal)
            who = words.who_could(refusal)
            message = _("%(said)s可以办理的岗位：%(who)s。") % {"said": said, "who": who} if who else said
            self.add_error(
                refusal.field if refusal.field in self.fields else None, ValidationError(message, code=refusal.code)
            )

    def look_up(self, name: str) -> bool:
        """Answer the search button of a typed-search field (browsers without scripts). False for an unknown field."""
        field = self.fields.get(name)
        if not isinstance(field, LookupField):
            return False
        typed = str(self.data.get(f"{self.add_prefix(name)}-q", ""))[:100]
        field.widget.typed, field.widget.found = typed, list(field.find(typed))
        return True


class TextField(forms.CharField):
    """Text through `core.text.clean`; `multiline` makes it a text area."""

    def __init__(self, *, max_length: int, multiline: bool = False, **kwargs: Any):
        self.multiline = multiline
        if multiline:
            kwargs.setdefault("widget", forms.Textarea({"rows": 3}))
        super().__init__(max_length=max_length, strip=False, **kwargs)
        # `clean` reports NUL in the same words for forms, API and import.
        self.validators = [v for v in self.validators if type(v).__name__ != "ProhibitNullCharactersValidator"]

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        try:
            return clean(text, multiline=self.multiline)
        except TextError as error:
            raise ValidationError(TEXT_ERRORS[error.code], code=error.code) from error


class MoneyField(forms.DecimalField):
    """CNY with at most two decimals, never negative unless `minimum` says so."""

    def __init__(self, *, minimum: Decimal | None = Decimal(0), **kwargs: Any):
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "data-unit": "¥"}))
        super().__init__(min_value=minimum, max_value=money.LIMIT, max_digits=12, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = value.strip().lstrip("¥￥").replace(",", "")[:40]
        return super().to_python(value)

    def clean(self, value: Any) -> Decimal | None:
        amount = super().clean(value)
        return None if amount is None else money.yuan(amount)


class PercentField(forms.DecimalField):
    """A share of 0–100 % with one decimal."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "data-unit": "%"}))
        super().__init__(min_value=Decimal(0), max_value=Decimal(100), max_digits=4, decimal_places=1, **kwargs)


class WholeField(forms.IntegerField):
    """A bounded whole number: what does not fit into the database is a message."""

    def __init__(self, *, min_value: int = 0, max_value: int = 1_000_000_000, **kwargs: Any):
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)


def within_reach(moment: dt.date | None) -> None:
    """A date that people can mean; beyond it, reckoning with days would leave the calendar."""
    if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValidationError(
            _("请填写 %(first)s 年到 %(last)s 年之间的日期。") % {"first": FIRST_YEAR, "last": LAST_YEAR},
            code="date_range",
        )


class DateField(forms.DateField):
    default_validators = [within_reach]

    def __init__(self, **kwargs: Any):
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs)


class DateTimeField(forms.DateTimeField):
    default_validators = [within_reach]

    def __init__(self, **kwargs: Any):
        super().__init__(widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"), **kwargs)


# What begins like a mobile number has as many digits as one: one too few or too many is nobody's number.
MOBILE, MOBILE_DIGITS = re.compile(r"1[3-9]\d*$", re.ASCII), 11


class PhoneField(TextField):
    """A telephone number as people write it: digits, with + - and spaces dropped."""

    def __init__(self, **kwargs: Any):
        super().__init__(max_length=30, widget=forms.TextInput({"type": "tel", "autocomplete": "off"}), **kwargs)

    def to_python(self, value: Any) -> str:
        text = national("".join(char for char in super().to_python(value) if char not in " -()（）"))
        if text and not (
            text.removeprefix("+").isascii() and text.removeprefix("+").isdigit() and 5 <= len(text) <= 16
        ):
            raise ValidationError(_("请填写电话号码，例如 13800001234 或 0574-87654321。"), code="phone")
        if MOBILE.match(text) and len(text) != MOBILE_DIGITS:
            facts = {"count": len(text), "right": MOBILE_DIGITS}
            raise ValidationError(
                _("手机号应为 %(right)s 位，这里有 %(count)s 位，请核对。"), code="phone", params=facts
            )
        return text


class PhotosField(forms.Field):
    """Several uploaded files; `minimum` makes photos part of the work. What the files really are is sniffed where they are stored."""

    widget = widgets.Photos

    def __init__(self, *, minimum: int = 0, maximum: int = 20, size_limit: int = 20 * 2**20, **kwargs: Any):
        self.minimum, self.maximum, self.size_limit = minimum, maximum, size_limit
        kwargs.setdefault("required", minimum > 0)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[Any]:
        files = list(value or [])
        if len(files) < max(self.minimum, 1 if self.required else 0):
            raise ValidationError(_("请至少上传 %(n)s 个文件。") % {"n": max(self.minimum, 1)}, code="too_few")
        if len(files) > self.maximum:
            raise ValidationError(_("一次最多上传 %(n)s 个文件。") % {"n": self.maximum}, code="too_many")
        for file in files:
            if not file.size:
                raise ValidationError(_("文件“%(name)s”是空的。") % {"name": file.name}, code="empty")
            if file.size > self.size_limit:
                limit = self.size_limit // 2**20
                raise ValidationError(
                    _("文件“%(name)s”超过 %(limit)s MB。") % {"name": file.name, "limit": limit}, code="too_big"
                )
        return files

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


@dataclass(frozen=True)
class Signed:
    """How somebody signed: the drawing as PNG bytes, or the password that the action still has to check."""

    kind: str  # drawn or password
    png: bytes = b""
    password: str = ""


class SignatureField(forms.Field):
    """A signature drawn on the screen, or a password. `password=False` for people without a login (customers)."""

    def __init__(self, *, password: bool = True, **kwargs: Any):
        super().__init__(widget=widgets.Signature(password=password), **kwargs)

    def clean(self, value: Any) -> Signed | None:
        drawn, password = [*(value or []), None, None][:2]
        if drawn and drawn.startswith(PNG) and len(drawn) <= SIGNATURE_LIMIT:
            try:
                data = base64.b64decode(drawn.removeprefix(PNG), validate=True)
            except (binascii.Error, ValueError):
                data = b""
            if data.startswith(b"\x89PNG\r\n\x1a\n"):
                return Signed("drawn", png=data)
        if drawn:
            raise ValidationError(_("签名没有传上来，请重新签一次。"), code="broken")
        if password:
            return Signed("password", password=str(password)[:200])
        if self.required:
            raise ValidationError(_("请签名。"), code="required")
        return None


class LookupField(forms.Field):
    """A choice among many, found by typing; the source is registered in `registry.lookups`."""

    default_error_messages = {
        "required": _("请先输入关键字，再从结果中选一项。"),
        "unknown": _("所选的内容已找不到，请重新搜索。"),
    }

    def __init__(self, source: str, *, placeholder: Any = None, **kwargs: Any):
        self.source = source
        self.actor: Any = None
        self.at: dt.datetime | None = None
        super().__init__(
            widget=widgets.LookupInput(source=source, placeholder=placeholder or _("输入编号、姓名或电话")), **kwargs
        )

    def bind(self, actor: Any, at: dt.datetime | None) -> None:
        self.actor, self.at = actor, at
        self.widget.actor, self.widget.at = actor, at

    def find(self, typed: str) -> Any:
        return registry.lookups.get(self.source).find(self.actor, typed, self.at)

    def clean(self, value: Any) -> str | None:
        value = str(value or "")[:100]
        if not value:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        chosen = registry.lookups.get(self.source).get(self.actor, value, self.at)
        # Drawn again, the field needs no second look.
        self.widget.known = chosen
        if chosen is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return value


class PeriodForm(Form):
    """From a day to a day, both included, of at most a year: what a list or a table is asked for."""

    since = DateField(label=_("从"))
    until = DateField(label=_("到"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("结束日期不能早于开始日期。"), code="order"))
        elif since and until and (until - since).days > LONGEST_PERIOD:
            self.add_error("until", ValidationError(_("一次最多看一年。"), code="long"))
        return given
