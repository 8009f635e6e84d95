"""What a page costs in statements: within the budget, and the same when there is ten times as much to show."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.claims import stages
from tests.houses import MONDAY
from zhangfa.claims import actions
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.records.actions import comment, send_copies

LIST, FRAGMENT, RECORD, WORKBENCH = 10, 8, 12, 15
AS_FRAGMENT = {"HX-Request": "true", "HX-Target": "list"}
NEXT = MONDAY + dt.timedelta(minutes=5)


class Desk:
    """Somebody's browser, counting."""

    def __init__(self, house, name):
        self.client = Client()
        self.client.force_login(house.user(name))

    def opens(self, address, **headers):
        """The statements of a page that was open before."""
        with clock.at(NEXT):
            self.client.get(address, headers=headers)
            with CaptureQueriesContext(connection) as seen:
                answer = self.client.get(address, headers=headers)
        assert answer.status_code == 200, (address, answer.status_code)
        return counted(seen)


def counted(seen):
    return [query["sql"] for query in seen.captured_queries if is_counted(query["sql"])]


@pytest.fixture
def desk(house):
    known = {}

    def of(name):
        return known.setdefault(name, Desk(house, name))

    return of


def begin(house):
    """One of everything, so that no list is empty."""
    for estimate in ("1800", "1800", "300"):
        house.report(estimate)


def grow(house, case, settlement):
    """Nine more of everything that these pages show."""
    by = house.actor(house.handler_of(case))
    for _turn in range(9):
        house.report("1800")
        house.report("300")
        house.photo(case)
        actions.log_talk(Case.objects.get(pk=case.pk), by=by, at=MONDAY, kind="contact", content="客户在家")
        for paper in (case.record, settlement.record):
            comment(paper, by=by, at=MONDAY, text="请尽快")
    send_copies(
        case.record,
        [house.people[name].pk for name in ("hs", "gm", "dgm", "cm", "ops", "oa", "fin", "am", "hr")],
        by=by,
        at=MONDAY,
    )


def pages(case, settlement, handler):
    """Who opens what, as what, and what it may cost."""
    lists = [
        (name, f"/{noun}/", {}, LIST)
        for noun in ("cases", "settlements")
        for name in ("cs", "gm", "dgm", "hs", "oa", handler, "op", "fin")
    ]
    narrow = [
        (name, f"/cases/?{query}", {}, LIST)
        for name in ("cs", "oa", handler)
        for query in ("status=alerted", "q=林知夏", "q=SG-20260302-001", "open=on&sort=promised")
    ]
    pieces = [(name, "/cases/", AS_FRAGMENT, FRAGMENT) for name in ("cs", "hs", "oa", handler, "op")]
    records = [(name, f"/cases/{case.pk}/", {}, RECORD) for name in ("cs", "oa", handler, "op", "sw")]
    records += [(name, f"/settlements/{settlement.pk}/", {}, RECORD) for name in ("cs", "dgm", handler)]
    below = [
        (name, f"/cases/{case.pk}/?part={part}", {"HX-Request": "true"}, FRAGMENT)
        for name in ("cs", handler)
        for part in ("files", "copies", "comments", "trail", "talks", "survey", "damage", "assessment")
    ]
    below.append((handler, f"/cases/{case.pk}/history/", {"HX-Request": "true"}, FRAGMENT))
    benches = [
        (name, "/", {}, WORKBENCH) for name in ("gm", "dgm", "am", "fin", "cs", "hs", "oa", handler, "op", "sw", "hr")
    ]
    return [
        *lists,
        *narrow,
        *pieces,
        *records,
        *below,
        *benches,
        ("dgm", "/inbox/", {}, LIST),
        ("cs", "/notices/", {}, LIST),
    ]


def test_pages_keep_to_their_budget_at_any_size(house, desk):
    settlement = stages.settlement(house, "proposed")
    begin(house)
    case = Case.objects.select_related("record").get(pk=settlement.case_id)
    opened = pages(case, settlement, house.handler_of(case))
    few = [desk(name).opens(address, **headers) for name, address, headers, _most in opened]
    grow(house, case, settlement)
    dear, growing = [], []
    for (name, address, headers, most), before in zip(opened, few, strict=True):
        after = desk(name).opens(address, **headers)
        if len(after) > most:
            dear.append((name, address, len(after), most))
        if len(after) != len(before):
            growing.append((name, address, len(before), len(after)))
    assert (dear, growing) == ([], [])
