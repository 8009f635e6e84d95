"""Every form of a case with what may be typed into it: a message beside the field, nothing typed lost, nothing changed, no fault."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from django import forms as django_forms
from django.core.cache import cache
from django.db.models import Model
from django.test import Client
from django.utils.html import escape

from tests.claims import stages
from tests.claims.test_matrix import HANDLER, WORKS, prepared
from tests.houses import MONDAY
from tests.input import values
from tests.permissions.tables import quiet, undone
from zhangfa.audit.models import Event
from zhangfa.claims import actions
from zhangfa.claims.models import Case, ComplaintForm, DamagedItem, Settlement, Survey, Talk
from zhangfa.claims.web.forms import CASE_FORMS, SETTLEMENT_FORMS
from zhangfa.core import clock
from zhangfa.records.models import Attachment, Record
from zhangfa.ui import forms as ui
from zhangfa.ui import widgets

pytestmark = pytest.mark.django_db
URLENCODED = "application/x-www-form-urlencoded"
TABLES: tuple[type[Model], ...] = (
    Case,
    Settlement,
    Survey,
    ComplaintForm,
    DamagedItem,
    Talk,
    Record,
    Attachment,
    Event,
)
# Widgets that show again what was typed; a choice that does not exist can't be shown.
TYPED = (
    django_forms.TextInput,
    django_forms.Textarea,
    django_forms.DateInput,
    django_forms.DateTimeInput,
    django_forms.NumberInput,
)
STEPS = [name for name, form in {**CASE_FORMS, **SETTLEMENT_FORMS}.items() if name in WORKS and form.base_fields]
Place = tuple[str, str, dict[str, Any]]


def step(house: Any, name: str) -> Place:
    """Where a step is taken, by whom, with what."""
    stage, status, who = WORKS[name]
    obj = prepared(house, name, stage(house, status))
    case = getattr(obj, "case", obj)
    who = house.handler_of(case) if who == HANDLER else who
    return f"/{'cases' if obj is case else 'settlements'}/{obj.pk}/do/{name}/", who, stages.answers(house, name, obj)


def _event(house: Any) -> Place:
    case, other = house.report(), house.report()
    return f"/cases/{case.pk}/event/", "cs", {"other": str(other.pk)}


def _learning(house: Any) -> Place:
    case = stages.complaint(house, "closed")
    return (
        f"/cases/{case.pk}/learning/",
        house.handler_of(case),
        {"analysis": "完工后没有自检", "measures": "完工须逐项自检"},
    )


def _archive(house: Any) -> Place:
    case = stages.accident(house, "settling")
    name = house.handler_of(case)
    actions.log_talk(case, by=house.actor(name), at=MONDAY, kind="contact", content="客户在家")
    talk = case.talks.order_by("-pk").values_list("pk", flat=True)[0]
    return f"/cases/{case.pk}/talks/{talk}/", name, {"archive_note": "客户下午在家"}


def _answer(house: Any) -> Place:
    case = Case.objects.get(pk=stages.settlement(house, "accepted").case_id)
    token = actions.make_link(case, by=house.actor(house.handler_of(case)), at=MONDAY)
    return f"/s/{token}/", "", {"score": "5", "words": "处理很快"}


def _pressure(house: Any) -> Place:
    case = stages.accident(house, "registered")
    return f"/cases/{case.pk}/pressure/", "sw", {"text": "经办人让我自己先垫钱"}


def _pressure_answer(house: Any) -> Place:
    case = stages.accident(house, "registered")
    actions.report_pressure(case, by=house.actor("sw"), at=MONDAY, text="经办人让我自己先垫钱")
    return f"/cases/{case.pk}/pressure/", "cs", {"answer": "已和经办人谈话，公司垫付"}


def _waiver(house: Any) -> Place:
    case = stages.accident(house, "closed")
    return f"/cases/{case.pk}/learning/waive/", house.handler_of(case), {"reason": "客户自带的工具损坏"}


def _study(house: Any) -> Place:
    case = stages.accident(house, "closed")
    lesson = {
        "title": "工具滑落砸坏台面",
        "narrative": "服务员擦洗吊柜时工具滑落。",
        "analysis": "工具没有系绳。",
        "correct_practice": "工具系在手腕。",
    }
    lesson |= {"checkpoints": "工具系绳\n铺防护垫", "posts": ["sw"], "quiz": "先做什么？\n* 铺防护垫\n直接擦"}
    return f"/cases/{case.pk}/learning/study/", house.handler_of(case), lesson


BESIDE: dict[str, Callable[[Any], Place]] = {
    "new": lambda house: ("/cases/new/", "op", reported(house)),
    "new-complaint": lambda house: ("/cases/new/complaint/", "op", reported(house) | {"relation": "本人"}),
    "event": _event,
    "learning": _learning,
    "archive": _archive,
    "answer": _answer,
    "pressure": _pressure,
    "pressure-answer": _pressure_answer,
    "waiver": _waiver,
    "study": _study,
    "bundle": lambda _house: ("/claims/bundles/2026-02-23/", "cc", {"note": "请各网点学习"}),
    "totals": lambda _house: (
        "/claims/totals/2026-02-16/",
        "cc",
        {"comment": "比上期少一起", "suggestion": "继续班前提醒"},
    ),
}


class Page:
    """A form that somebody has before them, with what a careful person would fill in."""

    def __init__(self, house: Any, name: str):
        self.client = Client()
        self.address, who, good = BESIDE[name](house) if name in BESIDE else step(house, name)
        self.good = as_sent(good | {"person": house.people["cs"]} if name == "reassign" else good)
        if who:
            self.client.force_login(house.user(who))
        answer = self.client.get(self.address)
        assert answer.status_code == 200, (self.address, answer.status_code)
        self.form = answer.context["form"]
        self.fields = {
            key: field
            for key, field in self.form.fields.items()
            if not isinstance(field, django_forms.FileField | ui.PhotosField | ui.SignatureField)
        }
        # What the page fills in by itself stands for what the test doesn't say.
        first = {key: self.form[key].value() for key in self.fields}
        self.good = as_sent({key: value for key, value in first.items() if value is not None}) | self.good

    def send(self, pairs: dict[str, Any], language: str = "zh-hans") -> Any:
        self.client.cookies["language"] = language
        return undone(lambda: self._sent(pairs))

    def send_and_read(self, pairs: dict[str, Any], books: list[Any]) -> Any:
        answer = self._sent(pairs)
        books.extend(state())
        return answer

    def _sent(self, pairs: dict[str, Any]) -> Any:
        cache.clear()  # the customer's link counts how often it is tried
        before = rows()
        answer = self.client.post(self.address, values.body(pairs), content_type=URLENCODED)
        answer.has_changed = rows() != before
        return answer


def reported(house: Any) -> dict[str, Any]:
    return {
        "unit": house.units["east"].pk, "customer": house.customer.pk, "order": house.order.pk, "worker": house.people["sw"].pk,
        "reporter": "林女士", "reporter_phone": "15400009999", "source": "operator", "occurred_at": "2026-03-02T09:00", "place": "厨房",
        "guarantee": "property", "summary": "清洁时台面开裂", "estimate": "1800.00", "severity": "minor", "category": "quality", "channel": "phone",
    }  # fmt: skip


def as_sent(params: dict[str, Any]) -> dict[str, Any]:
    """An action's parameters as the fields of its form."""
    sent: dict[str, Any] = {}
    for key, value in params.items():
        if key == "exclusions":
            sent |= {f"exclusion_{row['code']}": row["answer"] for row in value}
        elif hasattr(value, "astimezone"):
            sent[key] = f"{value.astimezone(clock.TZ):%Y-%m-%dT%H:%M}"
        elif isinstance(value, Model):
            sent[key] = value.pk
        elif value is not False and value is not None:
            sent[key] = "on" if value is True else value
    return sent


def rows() -> list[int]:
    return [table._default_manager.count() for table in TABLES] + sorted(Case.objects.values_list("version", flat=True))


def must_fail(field: Any, value: str) -> bool | None:
    """Whether the field can't take the value; None where it depends."""
    typed = values.arrived(value)
    is_blank = not typed.strip()
    if isinstance(field, ui.PhoneField):
        return field.required if is_blank else None if re.fullmatch(r"[-+() 0-9]{5,}", typed) else True
    if isinstance(field, ui.TextField):
        if any(char in typed for char in "\x00\x07"):
            return True
        return field.required if is_blank else len(typed.strip()) > (field.max_length or 10**6)
    if isinstance(field, django_forms.BooleanField):
        return False
    if value == "":
        return field.required
    if is_blank:
        return None
    if isinstance(field, django_forms.IntegerField | django_forms.DecimalField):
        return None if re.fullmatch(r"[-+]?[0-9.０-９]{1,12}", typed) and typed != "-5" else True
    if isinstance(field, django_forms.DateField | django_forms.DateTimeField):
        return None if typed in values.LIMITS_OF_TIME else True
    if isinstance(field, ui.LookupField):
        return None if typed.isascii() and typed.isdigit() else True
    if isinstance(field, django_forms.ChoiceField):
        return None if typed in {str(key) for key, _label in field.choices} else True
    return None


def check(page: Page, pairs: dict[str, Any], answer: Any, language: str, names: list[str]) -> list[Any]:
    """What is wrong with an answer."""
    seen = (page.address, {name: str(pairs[name])[:20] for name in names})
    expected = {name: must_fail(page.fields[name], pairs[name]) for name in names}
    if answer.status_code not in (200, 302, 303, 422):
        return [(answer.status_code, *seen)]
    wrong: list[Any] = []
    errors = answer.context["form"].errors if answer.status_code == 422 else {}
    if answer.status_code == 422:
        text = answer.content.decode()
        if answer.has_changed:
            wrong.append(("changed", *seen))
        for name in names:
            typed = values.arrived(pairs[name])
            if (
                isinstance(page.fields[name].widget, TYPED)
                and not isinstance(page.fields[name].widget, widgets.LookupInput)
                and escape(typed) not in text
            ):
                wrong.append(("lost", name, *seen))
        for name, messages in errors.items():
            said = " ".join(str(message) for message in messages)
            if bool(values.CHINESE.search(said)) != (language != "en"):
                wrong.append(("language", language, name, said))
            is_shown = name in page.fields and not page.fields[name].widget.is_hidden
            if is_shown and f'id="id_{name}_error"' not in text:
                wrong.append(("not beside the field", name, *seen))
    wrong += [("taken", name, *seen) for name, fails in expected.items() if fails and name not in errors]
    return wrong + [
        ("refused", name, str(errors[name]), *seen)
        for name, fails in expected.items()
        if fails is False and name in errors and errors.get_json_data().get(name, [{}])[0]["code"] in FIELD_CODES
    ]


FIELD_CODES = {"invalid", "required", "nul", "control", "surrogate", "too_long", "max_length"}


@pytest.mark.parametrize("name", [*BESIDE, *STEPS])
def test_whatever_is_typed_is_answered_in_words(house, name):
    draw = random.Random(f"{values.SEED}{name}")
    wrong: list[Any] = []
    with clock.at(MONDAY), quiet():
        page = Page(house, name)
        scalars = [key for key, field in page.fields.items() if not isinstance(field, django_forms.MultipleChoiceField)]
        wrong += check(page, {}, page.send({}), "zh-hans", [])
        for value in values.EVERYTHING:
            language = draw.choice(["zh-hans", "en"])
            pairs = dict.fromkeys(page.fields, value)
            wrong += check(page, pairs, page.send(pairs, language), language, scalars)
        for _turn in range(values.EXAMPLES if scalars else 0):
            key, language = draw.choice(scalars), draw.choice(["zh-hans", "en"])
            pairs = page.good | {key: draw.choice(values.EVERYTHING)}
            wrong += check(page, pairs, page.send(pairs, language), language, [key])
    assert not wrong, "\n".join(map(str, wrong[:30]))


# Columns that a hostile form may name; whatever the form doesn't offer stays as it is.
PLANTED = {
    "status": "closed",
    "handled_by": "outlet",
    "authority": "cc",
    "satisfaction_channel": "link",
    "kind": "complaint",
    "is_restricted": "on",
}


def planted(page: Page) -> dict[str, str]:
    names = {field.attname for table in (Case, Settlement, Survey, Record) for field in table._meta.concrete_fields}
    names |= {name.removesuffix("_id") for name in names}
    return {name: PLANTED.get(name, "7") for name in sorted(names - page.fields.keys())}


def state() -> list[list[dict[str, Any]]]:
    """What stands in the books, without what is drawn anew each time."""
    drawn = {"id", "record_id", "event_id", "case_id", "parent_id", "url", "link_key", "no_photo_reason_id"}
    tables = (Case, Settlement, Survey, ComplaintForm, Record)
    read = [
        [{k: v for k, v in row.items() if k not in drawn} for row in table._default_manager.values()]
        for table in tables
    ]
    return [sorted(rows, key=repr) for rows in read]


@pytest.mark.parametrize("name", [*BESIDE, *STEPS])
def test_a_form_changes_nothing_that_it_does_not_offer(house, name):
    with clock.at(MONDAY), quiet():
        page = Page(house, name)
        outcomes = []
        for more in ({}, planted(page)):
            books: list[Any] = []
            answer = undone(lambda more=more, books=books: page.send_and_read(page.good | more, books))
            outcomes.append((answer.status_code, books))
    assert outcomes[0][0] in (200, 302, 303), "a careful person's form is taken"
    assert outcomes[1] == outcomes[0]
