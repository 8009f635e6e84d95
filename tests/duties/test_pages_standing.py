"""How duties are kept, on screen: numbers that lead to their rows, a calendar file, a month that is frozen, what is red."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.duties.switched import done, lent
from tests.houses import MONDAY
from zhangfa.core import clock
from zhangfa.duties import ical
from zhangfa.duties.models import Excuse, Feed, Occurrence
from zhangfa.duties.prints import report_form
from zhangfa.duties.web import opening
from zhangfa.notices.models import Notice
from zhangfa.notices.registry import sentence_for
from zhangfa.organisation.models import User
from zhangfa.records.models import Copy, Publication
from zhangfa.runtime import worker

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-1")]
NOW = MONDAY + 9 * DAY


@pytest.fixture
def month(house):
    with lent():
        for number in range(9):
            worker.tick(MONDAY + number * DAY)
            done(house, "oa", "D-OA-01", MONDAY + number * DAY + HOUR, thing=house.people[list(house.people)[number]])
        worker.tick(NOW)
        yield house


def browser(house, name, language="zh-hans"):
    client = Client()
    client.force_login(house.user(name))
    client.cookies["language"] = language
    return client


def opens(client, address, at=NOW, **how):
    with clock.at(at):
        answer = client.get(address, **how)
    return answer, answer.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(month, language):
    house = month
    row = Occurrence.objects.filter(person=house.people["oa"]).first()
    client = browser(house, "gm", language)
    for address in (
        "/duties/standing/", f"/duties/standing/department/{house.units['home'].pk}/", "/duties/standing/post/oa/",
        f"/duties/standing/person/{house.people['oa'].pk}/", "/duties/occurrences/", f"/duties/occurrences/{row.pk}/", "/duties/reports/",
        "/duties/reports/2026-02/", "/red/", "/duties/catalogue/", "/duties/",
    ):  # fmt: skip
        answer, page = opens(client, address)
        assert answer.status_code == 200, address
        assert not (language == "en" and "按时率" in page)


def test_each_number_leads_to_as_many_rows(month):
    client = browser(month, "gm")
    _answer, page = opens(client, "/duties/standing/")
    assert 'href="/duties/reports/"' in page
    figures = re.findall(r'<a class="figure[^"]*" href="([^"]+)">.*?figure-value">(\d+)<', page)
    assert len(figures) == 5
    for address, number in figures:
        _answer, rows = opens(client, address.replace("&amp;", "&"))
        assert f"共 {number} 条" in rows or (number == "0" and "没有职责" in rows), (address, number)


def test_a_day_of_the_calendar_leads_to_what_fell_due_on_it_and_the_year_has_its_squares(month):
    client = browser(month, "gm")
    _answer, page = opens(client, f"/duties/standing/post/oa/?month={NOW:%Y-%m}")
    days = re.findall(
        r'<td class="heat is-[^"]+"><a href="([^"]+)"><b>(\d+)</b> <span>(\d+)/(\d+)</span></a></td>', page
    )
    assert len(days) > 5 and "&lt;td" not in page and "&lt;tr" not in page
    for address, day, kept, total in days:
        _answer, rows = opens(client, address.replace("&amp;", "&"))
        assert f"共 {total} 条" in rows and int(kept) <= int(total), address
        assert f"-{int(day):02}&amp;to_on=" in address and "&amp;post=oa" in address
    _answer, year = opens(client, "/duties/standing/?part=year")
    assert len(re.findall(r'<rect class="is-\w+" y="\d+"><title>2026-\d\d-\d\d \d+/\d+</title></rect>', year)) >= len(
        days
    )


def test_the_first_table_is_open_and_the_others_come_when_they_are_opened(month, monkeypatch):
    client, fragment = browser(month, "gm"), {"HTTP_HX_REQUEST": "true"}
    _answer, page = opens(client, "/duties/standing/?month=2026-03")
    assert re.findall(r'id="part-(\w+)" open>', page) == ["department"] and "?month=2026-03&amp;part=duty" in page
    _answer, part = opens(client, "/duties/standing/?month=2026-03&part=duty", **fragment)
    assert part.startswith('<div class="part-body" id="part-duty-body">') and "登记今天服务的客户档案" in part
    assert '<svg class="heat-year"' in opens(client, "/duties/standing/?part=year")[1]
    monkeypatch.setattr(opening, "LINES", 1)
    address = "/duties/reports/2026-03/?part=post"
    lines = []
    while address:
        _answer, part = opens(client, address, **fragment)
        lines += re.findall(r'p-title">([^<]+)<', part)
        following = re.search(r'rel="next" href="([^"#]+)', part)
        address = following and f"/duties/reports/2026-03/{following[1].replace('&amp;', '&')}"
    assert len(lines) == len(set(lines)) == Occurrence.objects.values("seat__post").distinct().count()
    for nonsense in ("part=nobody", "part=duty&from=x", "part=duty&from=-1"):
        assert opens(client, f"/duties/standing/?{nonsense}", **fragment)[0].status_code == 404, nonsense


def test_hidden_is_not_found_and_nonsense_is_not_an_error(month):
    house = month
    client = browser(house, "oa")
    stranger = Occurrence.objects.filter(person=house.people["oa2"]).first()
    for address in (
        f"/duties/occurrences/{stranger.pk}/", f"/duties/standing/person/{house.people['oa2'].pk}/",
        f"/duties/standing/department/{house.units['home'].pk}/", "/duties/standing/?month=2026-13", "/duties/standing/?month=9999-01",
        "/duties/standing/post/nobody/",
    ):  # fmt: skip
        assert opens(client, address)[0].status_code == 404, address
    assert opens(client, "/duties/reports/")[0].status_code == 403
    assert opens(client, "/red/")[0].status_code == 403
    assert opens(client, f"/duties/standing/person/{house.people['oa'].pk}/")[0].status_code == 200


def test_an_excuse_from_the_page_keeps_what_was_typed(month):
    house = month
    row = Occurrence.objects.filter(person=house.people["oa"], state="open").first()
    client, address = browser(house, "oa"), f"/duties/occurrences/{row.pk}/excuse/"
    with clock.at(NOW):
        short = client.post(address, {"reason": "忙"})
        assert (short.status_code, "请写明" in short.content.decode(), "忙</textarea>" in short.content.decode()) == (
            422,
            True,
            True,
        )
        sent = client.post(address, {"reason": "网点停电一整天，无法登记"})
    assert sent.status_code == 303
    excuse = Excuse.objects.get()
    assert opens(client, excuse.get_absolute_url())[0].status_code == 200
    assert opens(browser(house, "oa2"), excuse.get_absolute_url())[0].status_code == 404


def test_a_month_is_frozen_and_sent_and_a_later_correction_is_a_revision(month):
    house = month
    at = clock.day_start(dt.date(2026, 4, 2)) + 10 * HOUR
    client = browser(house, "am")
    with clock.at(NOW):
        early = client.post("/duties/reports/2026-03/", {})
    assert early.status_code == 422
    with clock.at(at):
        assert client.post("/duties/reports/2026-03/", {}).status_code == 303
        paper = Publication.objects.get(kind="RPT-03")
        assert (paper.period, paper.revision, paper.record.number[:3]) == ("2026-03", 0, "G04")
        assert Copy.objects.filter(record=paper.record, person=house.people["gm"]).exists()
        # The same figures again are the same paper; a late entry makes a revision.
        client.post("/duties/reports/2026-03/", {})
        assert Publication.objects.count() == 1
        Occurrence.objects.filter(state="open", due_on=dt.date(2026, 3, 5)).update(state="late", done_at=at)
        client.post("/duties/reports/2026-03/", {})
    assert list(Publication.objects.order_by("revision").values_list("revision", flat=True)) == [0, 1]
    _answer, page = opens(browser(house, "hs"), "/duties/reports/2026-03/", at)
    assert "home单位" in page and "service单位" not in page
    last = Publication.objects.get(revision=1)
    assert f"/records/{last.pk}/print.pdf" in page
    whole, part = (report_form(last.record, actor=house.actor(post, at), at=at) for post in ("gm", "hs"))
    assert [table.title for table in whole.sections] == ["按部门", "按岗位", "按条款", "按职责"]
    names = {line[0] for line in whole.sections[0].rows}
    assert {"home单位", "service单位"} <= names and whole.digest == last.digest and whole.copies
    assert [[line[0] for line in table.rows] for table in part.sections] == [["home单位"]]


def test_a_calendar_program_reads_the_feed_until_it_is_ended(month):
    house = month
    client = browser(house, "oa")
    with clock.at(NOW):
        client.post("/duties/feed/", {})
        page = client.get("/duties/feed/").content.decode()
        address = re.search(r"/duties/feed/[\w-]+\.ics", page)[0]
        assert address not in client.get("/duties/feed/").content.decode()
        answer = Client().get(address)
        body = answer.content.decode()
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        assert body.startswith("BEGIN:VCALENDAR\r\n") and body.endswith("END:VCALENDAR\r\n")
        assert body.count("BEGIN:VEVENT") > 10
        assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))
        assert len(set(re.findall(r"UID:(.*)\r", body))) == body.count("BEGIN:VEVENT")
        # In the language that its owner chose, whatever the calendar program says.
        User.objects.filter(person=house.people["oa"]).update(language="en")
        english = Client().get(address, headers={"Accept-Language": "zh-CN"}).content.decode()
        assert "SUMMARY:Visit customers" in english and "SUMMARY:访问客户" in body
        client.post("/duties/feed/", {"close": "1"})
        assert Client().get(address).status_code == 404
        assert Client().get("/duties/feed/guess.ics").status_code == 404
    assert Feed.objects.filter(revoked_at=None).count() == 0


def test_text_in_a_calendar_file_is_escaped_and_folded():
    assert ical.escaped("a,b;c\\d\ne") == "a\\,b\\;c\\\\d\\ne"
    parts = list(ical.folded("SUMMARY:" + "职责" * 60))
    assert all(len(part.encode()) <= 74 for part in parts)
    assert "".join([parts[0], *(part[1:] for part in parts[1:])]) == "SUMMARY:" + "职责" * 60


def test_the_week_ahead_is_told_on_monday_once(month):
    at = clock.day_start(dt.date(2026, 3, 16)) + 8 * HOUR
    told = Notice.objects.filter(code="duties.digest", person=month.people["oa"])
    before = told.count()
    worker.tick(at)
    worker.tick(at + HOUR)
    assert told.count() == before + 1
    worker.tick(at + DAY)
    assert told.count() == before + 1


@pytest.mark.parametrize(
    ("due", "overdue", "said"),
    [
        (2, 6, "本周您有 2 项职责到期，另有 6 项已逾期。"),
        (2, 0, "本周您有 2 项职责到期。"),
        (0, 2, "本周您没有职责到期，另有 2 项已逾期。"),
    ],
)
def test_the_week_ahead_names_nothing_that_is_nought(due, overdue, said):
    sentence = sentence_for("duties.digest")
    assert sentence({"due": due, "overdue": overdue}) == said


def test_what_is_red_names_its_owner(month):
    _answer, page = opens(browser(month, "gm"), "/red/")
    assert "人oa2" in page and "登记今天服务的客户档案" in page


def cost(client, address):
    with clock.at(NOW):
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
    return len([query for query in seen.captured_queries if is_counted(query["sql"])])


@pytest.mark.parametrize(("name", "most"), [("gm", 11), ("hs", 11), ("sup", 13), ("oa", 11)])
def test_pages_cost_the_same_when_there_is_ten_times_as_much(month, name, most):
    client = browser(month, name)
    addresses = ("/duties/standing/", "/duties/occurrences/", f"/duties/standing/person/{month.people[name].pk}/")
    rows = list(Occurrence.objects.all())
    copies(rows, range(3))
    before = {address: cost(client, address) for address in addresses}
    copies(rows, range(3, 30))
    assert all(cost(client, address) <= before[address] for address in addresses)
    assert max(before.values()) <= most


def copies(rows, turns):
    for turn in turns:
        for row in rows:
            row.pk, row.subject_key = None, f"copy{turn}"
        Occurrence.objects.bulk_create(rows, ignore_conflicts=True)


@pytest.mark.clause("X-6")
def test_the_gm_sees_on_one_page_what_needs_them_how_much_is_red_and_who_owns_most(month):
    client = browser(month, "gm")
    _answer, page = opens(client, "/red/")
    overdue = Occurrence.objects.filter(state="open", due_at__lt=NOW).count()
    assert "要您亲自办的" in page and "谁的红灯最多" in page
    assert f'<b class="figure-value">{overdue}</b>' in page and overdue > 5
    # No more than a glance of each kind: the rest is in the whole list, which is one tap away.
    assert page.count('href="/duties/occurrences/') >= 1 and f"全部 {overdue} 项" in page
    most = month.people["oa2"]
    assert f"person={most.pk}" in page
    few = cost(client, "/red/")
    rows = list(Occurrence.objects.filter(state="open", due_at__lt=NOW)[:3])
    Occurrence.objects.bulk_create(
        Occurrence(
            duty_id=row.duty_id, seat_id=row.seat_id, unit_id=row.unit_id, department_id=row.department_id, person_id=row.person_id,
            subject_key=f"more:{number}", period=row.period, opened_at=row.opened_at, due_at=row.due_at, due_on=row.due_on,
        )
        for number in range(40)
        for row in rows
    )  # fmt: skip
    assert cost(client, "/red/") == few <= 15
