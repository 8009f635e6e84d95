"""Telling people, in their words, inside and outside the program."""

import datetime as dt

import pytest
from django.utils import translation

from zhangfa.core.ids import uuid7
from zhangfa.notices import actions, channels, jobs, queries, registry
from zhangfa.notices.models import Notice, Outbox
from zhangfa.organisation.models import Person

AT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
registry.text("test.told", "编号 %(number)s 有变化。")


@pytest.fixture
def people(db):
    rows = [Person(no=f"N{n}", name=f"人{n}") for n in range(3)]
    return Person.objects.bulk_create(rows)


class Reader:
    def __init__(self, person):
        self.person_id = person.pk if person else None


def test_each_reader_is_told_once_in_one_insert(people, django_assert_num_queries):
    ids = [people[0].pk, people[0].pk, people[1].pk, None]
    with django_assert_num_queries(1):
        assert actions.notify(ids, "test.told", {"number": "F10-1"}, at=AT, url="/cases/1/", clause="CC-W1.1") == 2
    assert actions.notify([], "test.told", {}, at=AT) == 0
    assert not Outbox.objects.exists()
    assert queries.unread_count(Reader(people[0]), AT) == 1
    assert queries.unread_count(Reader(people[2]), AT) == queries.unread_count(Reader(None), AT) == 0
    assert queries.sentence(Notice.objects.first()) == "编号 F10-1 有变化。"


def test_an_undeclared_notice_is_a_mistake_of_ours(people):
    with pytest.raises(KeyError):
        actions.notify([people[0].pk], "test.unheard_of", {}, at=AT)


def test_a_notice_whose_words_are_gone_still_says_something(people):
    lost = Notice(person=people[0], code="test.gone", params={})
    broken = Notice(person=people[0], code="test.told", params={"other": 1})
    assert queries.sentence(lost) == queries.sentence(broken) == "有一条与您有关的新动态。"


def test_reading(people):
    for _ in range(3):
        actions.notify([p.pk for p in people], "test.told", {"number": 1}, at=AT)
    mine, other = people[0].pk, people[1].pk
    newest = Notice.objects.filter(person=mine).latest("pk")
    assert not actions.read(other, newest.pk, at=AT)
    assert actions.read(mine, newest.pk, at=AT)
    middle = queries.latest(Reader(people[0]))[1]
    assert actions.read_all(mine, at=AT, up_to=middle.pk) == 2
    assert queries.unread_count(Reader(people[0]), AT) == 0
    assert queries.unread_count(Reader(people[1]), AT) == 3


@pytest.fixture
def gateway(settings, monkeypatch):
    """A mail channel whose gateway can be made to fail."""
    settings.NOTICE_CHANNELS = {"mail": "mailtos://{no}@mail.example"}
    sent, broken = [], []

    def send(address, title, body):
        if broken:
            raise OSError("no route")
        sent.append((address, body))
        return True

    monkeypatch.setattr(channels, "send", send)
    return sent, broken


def test_a_configured_channel_delivers_once(people, gateway):
    sent, _broken = gateway
    actions.notify([people[0].pk], "test.told", {"number": 7}, at=AT)
    assert jobs.deliver_due(AT) == 1
    assert jobs.deliver_due(AT + dt.timedelta(days=1)) == 0
    assert sent == [("mailtos://N0@mail.example", "编号 7 有变化。")]
    assert Outbox.objects.get().state == "sent"


def test_a_failing_gateway_is_tried_again_and_at_last_given_up(people, gateway):
    sent, broken = gateway
    broken.append(True)
    actions.notify([people[0].pk], "test.told", {"number": 7}, at=AT)
    at = AT
    for _ in range(jobs.TRIES):
        assert jobs.deliver_due(at) == 0
        at = max(at, Outbox.objects.get().next_try_at)
    assert Outbox.objects.get().state == "failed"
    assert sent == []


def test_words_are_made_for_the_reader(people):
    registry.text("test.made", lambda params: f"made for {translation.get_language()} {params['n']}")
    actions.notify([people[0].pk], "test.made", {"n": 2}, at=AT)
    with translation.override("en"):
        assert queries.sentence(Notice.objects.get()) == "made for en 2"


def test_opening_a_paper_reads_what_was_told_about_it(people, django_assert_num_queries):
    record_id = uuid7()
    actions.notify([p.pk for p in people], "test.told", {"number": 1}, at=AT, record_id=record_id)
    paper = type("Paper", (), {"pk": record_id})()
    actions.read_when_opened(paper, Reader(people[0]), AT)
    assert Notice.objects.filter(read_at=None).count() == 2
    with django_assert_num_queries(1):
        actions.read_when_opened(paper, Reader(people[0]), AT)
    with django_assert_num_queries(0):
        actions.read_when_opened(people[0], Reader(people[0]), AT)
