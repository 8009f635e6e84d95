"""What a reader of a paper gets: the trail, masked values, who may see."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.houses import MONDAY
from tests.records.papers import CODE, open_paper
from zhangfa.audit.models import Look
from zhangfa.core.decisions import Refused
from zhangfa.core.text import mask_phone
from zhangfa.core.transitions import announce
from zhangfa.organisation.actor import Actor
from zhangfa.records import actions, permissions, queries, sensitive
from zhangfa.records.registry import forms
from zhangfa.records.trail import timeline

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(monkeypatch):
    monkeypatch.setattr(sensitive, "_fields", dict(sensitive._fields))
    sensitive.declare(
        "organisation.Person",
        "phone",
        may_see=lambda actor, obj: actor.holds("hr"),
        mask=lambda value: mask_phone(value),
    )


def test_a_sensitive_field_is_masked_for_others(house, phone):
    person = house.people["sw"]
    assert sensitive.shown(house.actor("hr"), person, "phone") == person.phone
    assert sensitive.shown(house.actor("op"), person, "phone") == mask_phone(person.phone)
    assert sensitive.shown(house.actor("op"), person, "name") == person.name
    assert [entry.field for entry in sensitive.declared("organisation.person")] == ["phone"]


def test_a_reveal_needs_a_right_and_a_reason_and_is_logged(house, phone, paper):
    person = house.people["sw"]
    with pytest.raises(Refused):
        sensitive.reveal(house.actor("op"), person, "phone", reason="联系", at=MONDAY)
    with pytest.raises(Refused):
        sensitive.reveal(house.actor("hr"), person, "phone", reason="", at=MONDAY)
    assert (
        sensitive.reveal(house.actor("hr"), person, "phone", reason="联系", at=MONDAY, record_id=paper.pk)
        == person.phone
    )
    look = Look.objects.get(kind="reveal")
    assert (look.field, look.reason, look.record_id) == ("person.phone", "联系", paper.pk)


def test_the_trail_tells_what_happened_in_words(house, paper):
    actions.comment(paper, text="已联系客户", by=house.actor("cc"), at=MONDAY)
    actions.store(paper, kind="scene", upload=b"%PDF-1.7 x", name="一.pdf", by=house.actor("cc"), at=MONDAY)
    entries = timeline(paper, house.actor("cs"))
    assert [e.label for e in entries if not e.is_comment] == ["添加附件", "建立单据"]
    note = next(e for e in entries if e.is_comment)
    assert (note.text, note.who) == ("已联系客户", "人cc")
    added = next(e for e in entries if e.label == "添加附件")
    assert [(str(c.label), c.new) for c in added.changes] == [("文件名", "一.pdf")]
    assert added.post


def test_the_trail_hides_sensitive_values(house, paper, phone):
    person = house.people["sw"]
    with transaction.atomic():
        announce(
            "organisation.person.changed", person, by=house.actor("hr"), at=MONDAY, record_id=paper.pk,
            values={"phone": ["1", "2"], "name": ["甲", "乙"], "kind": "worker"},
        )  # fmt: skip
    changes = timeline(paper, house.actor("op"), obj=person)[0].changes
    assert {str(c.label): (c.old, c.new) for c in changes} == {
        "手机": ("", "••••"),
        "名称": ("甲", "乙"),
        "类别": ("", "服务员"),
    }
    clear = timeline(paper, house.actor("hr"), obj=person)[0].changes
    assert ("1", "2") in {(c.old, c.new) for c in clear}


def test_the_trail_costs_the_same_at_any_length(house, paper):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            timeline(paper, house.actor("cs"))
        return len(captured)

    actions.comment(paper, text="一", by=house.actor("cc"), at=MONDAY)
    first = count()
    for _n in range(10):
        actions.comment(paper, text="再", by=house.actor("op"), at=MONDAY)
    assert count() == first <= 9


def test_papers_under_a_case_belong_to_its_trail_as_far_as_they_are_seen(house, paper, form):
    with transaction.atomic():
        child = actions.open_record(CODE, unit=house.units["east"], by=house.actor("cc"), at=MONDAY, parent=paper)
    assert len(timeline(paper, house.actor("cc"))) == 1
    actions.concern(child, house.people["cc"].pk, "handler")
    assert len(timeline(paper, house.actor("cc"))) == 2


def test_who_sees_a_paper(house, paper):
    assert permissions.is_visible(house.actor("cs"), paper)
    assert not permissions.is_visible(house.actor("mk"), paper)
    assert not permissions.is_visible(Actor(None, "admin", MONDAY, is_technical=True), paper)
    actions.send_copies(paper, [house.people["mk"].pk], by=house.actor("cc"), at=MONDAY)
    assert permissions.is_visible(house.actor("mk"), paper)
    actions.send_copies(paper, [house.people["fin"].pk], by=house.actor("cc"), at=MONDAY, is_extract=True)
    assert not permissions.is_visible(house.actor("fin"), paper)


def test_an_unknown_form_is_seen_by_nobody(house, paper, monkeypatch):
    monkeypatch.delitem(forms._forms, CODE)
    assert not permissions.is_visible(house.actor("cc"), paper)


def test_what_waits_for_a_signature(house, asked):
    assert [row.role for row in queries.waiting_signatures(house.actor("cs"))] == ["manager"]
    actions.void(asked, reason="重复", by=house.actor("cc"), at=MONDAY)
    assert not queries.waiting_signatures(house.actor("cs"))
    assert open_paper(house)
