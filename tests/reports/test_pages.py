"""The month-end reports in the browser: drawn, published, received, decided, printed, exported; each to whom it concerns."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests.houses import House
from tests.reports.invented import invent
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.customers.models import ClassChange, CustomerClass
from zhangfa.notices.models import Notice
from zhangfa.organisation.actor import system_actor
from zhangfa.records import prints as paper_prints
from zhangfa.records.models import Copy, Publication
from zhangfa.reports import actions, rollup
from zhangfa.reports.models import Draw, Listed, MixDecision, Touched

UNTIL = dt.date(2026, 2, 28)
MONTH = 202602
NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=clock.TZ)
PAGES = ("reports:months", "reports:trial", "reports:weeks")
pytestmark = [
    pytest.mark.clause("CS-W2.2"),
    pytest.mark.clause("CS-W2.3"),
    pytest.mark.clause("CS-D3"),
    pytest.mark.clause("CS-D4"),
]


@pytest.fixture
def house(db: Any, tmp_path: Any, settings: Any) -> Any:
    settings.ZHANGFA_HOME = tmp_path
    with clock.at(NOON):
        house = House()
        invent(house, 11, 25, 250, UNTIL)
        Touched.objects.all().delete()
        rollup.fill()
        yield house


def draw(house: House) -> Draw:
    by = system_actor("test", NOON)
    found = actions.draw_pack(MONTH, by=by, at=NOON, prefer="database")
    actions.draw_satisfaction(MONTH, by=by, at=NOON)
    actions.settle_classes(found, at=NOON)
    return found


def sign_in(client: Any, house: House, who: str) -> Any:
    client.force_login(house.user(who))
    return client


def test_the_whole_month_end(house: House, client: Any) -> None:
    first = draw(house)
    assert draw(house).pk == first.pk, "the same figures again are the same draw"
    classed = set(CustomerClass.objects.filter(code="premium").values_list("customer_id", flat=True))
    assert classed == set(Listed.objects.filter(draw=first, is_premium=True).values_list("customer_id", flat=True))
    assert ClassChange.objects.filter(code="premium").count() == len(classed)
    assert actions.settle_classes(first, at=NOON) == 0

    sign_in(client, house, "cs")
    for name in PAGES:
        assert client.get(reverse(name)).status_code == 200, name
    page = client.get("/reports/list/2026-02/").content.decode()
    assert "chart" in page and "前部客户" in page
    refused = client.post(
        "/reports/list/2026-02/publish/", {"analysis": "一次性客户", "strategy": "", "instructions": "准时"}
    )
    assert refused.status_code == 422 and "一次性客户" in refused.content.decode()
    sent = {"analysis": "一次性客户", "strategy": "回访", "instructions": "准时上门"}
    assert client.post("/reports/list/2026-02/publish/", sent).status_code == 303
    paper = Publication.objects.get(kind="RPT-09")
    assert set(Copy.objects.filter(record=paper.record, is_extract=True).values_list("person__name", flat=True)) >= {
        "人oa"
    }
    assert (
        client.post("/reports/mix/2026-02/publish/", {"analysis": "多买养护", "suggestion": "加套餐"}).status_code
        == 303
    )
    assert client.post("/reports/data/2026-02/publish/", {"direction": "家电带动"}).status_code == 303
    assert client.post("/reports/satisfaction/2026-02/publish/", {}).status_code == 303
    for url in (
        "/reports/list/2026-02/",
        "/reports/mix/2026-02/",
        "/reports/mix/2026-02/?class=loyal",
        "/reports/data/2026-02/all/",
        "/reports/satisfaction/2026-02/",
    ):
        assert client.get(url).status_code == 200, url
    for url in (
        "/reports/list/2026-02/?export=xlsx",
        "/reports/mix/2026-02/?export=xlsx",
        "/reports/data/2026-02/all/?export=xlsx",
        "/reports/satisfaction/2026-02/?export=xlsx",
    ):
        assert client.get(url)["Content-Type"].startswith("application/vnd"), url
    sign_in(client, house, "gm")
    assert "作决定" in client.get("/reports/mix/2026-02/").content.decode()
    answer = client.post(
        "/reports/mix/2026-02/decide/",
        {
            "verdict": "adopt",
            "decision": "同意试行",
            "standard": "套餐在各网点上架",
            "due_at": "2026-03-20T18:00",
        },
    )
    assert answer.status_code == 303, answer.content.decode()
    decision = MixDecision.objects.get()
    assert decision.task_url and client.get("/reports/mix/2026-02/").status_code == 200
    again = client.post(
        "/reports/mix/2026-02/decide/",
        {"verdict": "adopt", "decision": "再来一次看看", "standard": "套餐在各网点上架", "due_at": "2026-03-20T18:00"},
    )
    assert again.status_code == 422

    sign_in(client, house, "oa")
    extract = client.get("/reports/list/2026-02/").content.decode()
    assert "准时上门" in extract and "一次性客户" not in extract and "east单位" in extract and "west单位" not in extract
    assert client.get("/reports/mix/2026-02/").status_code == 403
    sign_in(client, house, "hs")
    assert client.get(f"/reports/data/2026-02/{house.units['home'].pk}/").status_code == 200
    assert client.get(f"/reports/data/2026-02/{house.units['facility'].pk}/").status_code == 403
    for row in Publication.objects.all():
        form = paper_prints  # the builders are found by the form's code
        assert form
        from zhangfa.records.registry import forms

        built = forms.get(row.record.form_code).build(row.record, actor=house.actor("gm", NOON), at=NOON)
        assert built.title and built.digest == row.digest
        rules = [
            field.label
            for part in built.sections
            if getattr(part, "title", "") == "采用的数值"
            for field in part.fields
        ]
        assert len(rules) == len(row.policy) and (row.kind != "RPT-09" or len(rules) == 6)
        assert len(built.copies) == row.record.copies.count() > 0


def test_a_month_that_runs_and_a_month_without_figures_are_refused(house: House) -> None:
    cs = house.actor("cs", NOON)
    with pytest.raises(Refused) as refused:
        actions.publish_list(202603, by=cs, at=NOON, analysis="a", strategy="b", instructions="c")
    assert refused.value.refusals[0].code == "report.running"
    with pytest.raises(Refused) as refused:
        actions.publish_list(202601, by=cs, at=NOON, analysis="a", strategy="b", instructions="c")
    assert refused.value.refusals[0].code == "report.not_drawn"
    draw(house)
    with pytest.raises(Refused) as refused:
        actions.publish_list(MONTH, by=house.actor("cm", NOON), at=NOON, analysis="a", strategy="b", instructions="c")
    assert refused.value.refusals[0].code == "pack.publish"


def test_a_later_correction_is_a_numbered_revision(house: House) -> None:
    cs = house.actor("cs", NOON)
    draw(house)
    words = {"analysis": "a", "strategy": "b", "instructions": "c"}
    first = actions.publish_list(MONTH, by=cs, at=NOON, **words)
    assert actions.publish_list(MONTH, by=cs, at=NOON, **words).pk == first.pk
    order = house.customer.orders.get()
    order.served_from -= dt.timedelta(days=10)
    order.paid = order.amount
    order.save()
    Touched.objects.create(customer_id=house.customer.pk)
    draw(house)
    second = actions.publish_list(MONTH, by=cs, at=NOON, **words)
    assert (first.revision, second.revision) == (0, 1)
    assert Listed.objects.filter(draw_id=first.figures["draw"]).exists(), "the frozen lines stay"


def test_a_complaint_of_a_listed_customer_raises_an_alarm(house: House) -> None:
    CustomerClass.objects.create(customer=house.customer, code="premium", since_on=UNTIL, as_of_on=UNTIL)
    house.report(at=NOON)
    assert Notice.objects.filter(code="reports.listed_case", person=house.people["cs"]).count() == 1
