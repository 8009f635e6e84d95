"""Complaints in the browser: opened, answered, solved; the visit sheet; the week's bundle; the fortnight's totals."""

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.claims import stages
from tests.claims.test_actions import settled, sign_all
from tests.houses import MONDAY
from zhangfa.claims import actions, totals_table
from zhangfa.claims.models import Case, ComplaintForm, Improvement, Settlement, Talk
from zhangfa.core import clock
from zhangfa.duties.actions import generate, load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.records.models import Copy, Export, Publication

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
NEXT_MONDAY = MONDAY + 7 * DAY  # 10:00, two hours before the bundle is due
AFTER = MONDAY + 14 * DAY
WEEK, PERIOD = "/claims/bundles/2026-03-02/", "/claims/totals/2026-03-02/"
SOLVED = {
    "investigation": "已向双方核实", "cause": "rush", "root_cause": "没有按清单自检", "avoidable": "完工逐项自检并拍照", "resolutions": ["redo"], "resolution": "已返工", "is_accepted": "on",
    "mode": "phone",
}  # fmt: skip


@pytest.fixture
def browse(house):
    """A signed-in browser of a seat, at an instant."""
    known = {}

    def ask(name, address, data=None, at=MONDAY, status=200, **more):
        if name not in known:
            known[name] = Client()
            known[name].force_login(house.user(name))
        with clock.at(at):
            answer = known[name].post(address, data, **more) if data is not None else known[name].get(address, **more)
        assert answer.status_code == status, answer.content.decode()[:2000]
        return answer

    return ask


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def complain(house, **more):
    return house.report("0", kind="complaint", category="quality", **more)


def taken(house):
    case = complain(house)
    by = house.actor(house.handler_of(case))
    case = actions.take_up(case, by=by, at=MONDAY)
    return actions.first_answer(case, by=by, at=MONDAY + HOUR, content="将在七天内答复")


def closed(house, at=MONDAY, **more):
    case = complain(house, at=at, **more)
    by = house.actor(house.handler_of(case), at)
    case = actions.take_up(case, by=by, at=at)
    case = actions.first_answer(case, by=by, at=at, content="将在七天内答复")
    case = actions.resolve(case, by=by, at=at, **(SOLVED | {"is_accepted": True}))
    case = actions.rate(case, by=house.actor("op", at), at=at + HOUR, score=5)
    return actions.close(case, by=by, at=at + 2 * HOUR, nature="isolated")


@pytest.mark.clause("CC-D1")
@pytest.mark.parametrize("name", ["op", "oa", "cc", "cs"])
def test_a_complaint_is_opened_from_the_customers_page(house, browse, name):
    if name == "op":
        page = words(browse(name, f"/customers/{house.customer.pk}/?part=cases", headers={"HX-Request": "true"}))
        assert f"/cases/new/complaint/?customer={house.customer.pk}" in page
    address = f"/cases/new/complaint/?customer={house.customer.pk}"
    page = words(browse(name, address))
    assert "林知夏" in page and house.order.number in page
    sent = {
        "customer": house.customer.pk, "order": house.order.pk, "unit": house.units["east"].pk, "reporter": "林女士", "relation": "本人",
        "category": "attitude", "channel": "phone", "source": "customer", "occurred_at": "2026-03-02T09:00", "summary": "服务员态度不好，不愿返工",
        "remedies": ["apology", "refund"], "estimate": "88.00", "severity": "minor",
    }  # fmt: skip
    browse(name, address, sent, status=303)
    form = ComplaintForm.objects.select_related("case").get()
    assert (form.category, form.relation, form.remedies) == ("attitude", "本人", ["apology", "refund"])
    assert (form.case.estimate, form.case.status) == (D("88.00"), "alerted")
    page = words(browse(name, form.case.get_absolute_url()))
    assert "受理投诉" in page and "服务态度" in page and "退还服务费" in page and "¥88.00" in page


@pytest.mark.clause("CC-D1")
def test_nobody_else_opens_a_complaint(house, browse):
    for name in ("hs", "fin", "sw"):
        browse(name, "/cases/new/complaint/", status=403)


@pytest.mark.clause("CC-D1")
def test_a_complaint_is_answered_in_its_steps(house, browse):
    case = complain(house)
    handler, url = house.handler_of(case), case.get_absolute_url()
    page = words(browse(handler, url))
    assert "受理投诉，与客户核定完成日" in page and "还剩" in page
    graded = {"agreed_consent": "", "complexity": "middle", "impact": "low"}
    refused = browse(handler, f"{url}do/take_up/", {"agreed_on": "2026-03-20", **graded}, status=422)
    assert "须记录客户同意延后" in words(refused)
    browse(handler, f"{url}do/take_up/", {"agreed_on": "2026-03-05", **graded}, status=303)
    assert "给客户首次答复" in words(browse(handler, url))
    # The company's figure and the law's limit, and what both mean for this case: the end of the next day.
    said = words(browse(handler, f"{url}do/first_answer/"))
    assert "明天 24:00" in said and "公司规定 1 天" in said and "法律的底线 5 天" in said
    browse(handler, f"{url}do/first_answer/", {"mode": "phone", "content": "周四前答复"}, at=MONDAY + HOUR, status=303)
    found = {"investigation": "已向双方核实", "cause": "rush", "root_cause": "赶时间", "avoidable": "留足时间"}
    browse(handler, f"{url}do/investigate/", found, at=MONDAY + HOUR, status=303)
    page = words(browse(handler, f"{url}do/resolve/"))
    assert "赶时间" in page and "留足时间" in page
    nothing = {
        "root_cause": "赶时间太紧",
        "avoidable": "留足时间间隔",
        "resolutions": ["redo"],
        "resolution": "已返工",
        "mode": "phone",
    }
    refused = browse(handler, f"{url}do/resolve/", nothing, status=422)
    assert "可向消费者组织或主管部门反映" in words(refused)
    late = MONDAY + 4 * DAY
    browse(handler, f"{url}do/resolve/", SOLVED, at=late, status=303)
    page = words(browse(handler, url, at=late))
    assert "逾期" in page and "回访客户" in page and "重新服务" in page
    assert ComplaintForm.objects.get(case=case).is_late
    assert list(ComplaintForm.objects.get(case=case).record.signatures.values_list("role", "state")) == [
        ("handler", "waiting")
    ]


@pytest.mark.clause("CC-D1")
def test_the_answer_is_the_handlers(house, browse):
    case = taken(house)
    page = words(browse("cs", case.get_absolute_url()))
    assert "答复客户并了结" in page and "经办人" in page
    browse("cs", f"{case.get_absolute_url()}do/resolve/", SOLVED, status=422)
    browse("oa2", case.get_absolute_url(), status=404)


@pytest.mark.clause("CC-D1")
def test_a_second_answer_asks_for_another_signature(house, browse):
    from zhangfa.records.actions import sign

    case = taken(house)
    by = house.actor(house.handler_of(case))
    solved = SOLVED | {"is_accepted": True}
    case = actions.resolve(case, by=by, at=MONDAY + 2 * HOUR, **solved)
    paper = case.complaint_form.record
    sign(paper, role="handler", by=by, at=MONDAY + 2 * HOUR, is_verified=True)
    case = actions.rate(case, by=house.actor("op"), at=MONDAY + 3 * HOUR, score=2)
    assert "客户不满意" in words(browse(house.handler_of(case), case.get_absolute_url(), at=MONDAY + 3 * HOUR))
    actions.resolve(case, by=by, at=MONDAY + 4 * HOUR, **(solved | {"resolution": "主管上门返工"}))
    assert sorted(paper.signatures.values_list("state", flat=True)) == ["void", "waiting"]


@pytest.mark.clause("CC-D8")
def test_the_visit_sheet_follows_a_contact(house, browse):
    load_catalogue()
    case = taken(house)
    handler, talk = house.handler_of(case), Talk.objects.get()
    owed = Occurrence.objects.get(duty__code="D-CC-12")
    assert owed.state == "open"
    url = case.get_absolute_url()
    part = words(browse(handler, f"{url}?part=talks", headers={"HX-Request": "true"}))
    assert "填写访问客户登记记录表" in part
    browse(handler, f"{url}talks/{talk.pk}/", {"archive_note": "  "}, status=422)
    browse(
        handler, f"{url}talks/{talk.pk}/", {"archive_note": "家有老人，上午不便"}, at=MONDAY + 90 * MINUTE, status=303
    )
    owed.refresh_from_db()
    assert owed.state == "done"
    pdf = browse(handler, f"{url}talks/{talk.pk}/f20.pdf")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    browse("oa2", f"{url}talks/{talk.pk}/f20.pdf", status=404)
    browse(handler, f"{url}talks/{talk.pk + 1}/f20.pdf", status=404)
    page = words(browse("op", f"/customers/{house.customer.pk}/?part=cases", headers={"HX-Request": "true"}))
    assert "家有老人，上午不便" in page


@pytest.mark.clause("CC-D8")
@pytest.mark.parametrize(("note", "owed"), [("", ["open"]), ("无", [])])
def test_the_first_call_about_an_accident_is_a_contact_too(house, browse, note, owed):
    load_catalogue()
    case = house.report()
    fields = {"content": "约好下午到", "archive_note": note}
    browse("op", f"/cases/{case.pk}/do/log_call/", fields, status=303)
    assert list(Occurrence.objects.filter(duty__code="D-CC-12").values_list("state", flat=True)) == owed
    for name in ("op", house.handler_of(case)):
        part = words(browse(name, f"/cases/{case.pk}/?part=talks", headers={"HX-Request": "true"}))
        assert ("填写访问客户登记记录表" in part) is bool(owed)
    if owed:
        browse("op", f"/cases/{case.pk}/talks/{Talk.objects.get().pk}/", {"archive_note": "下午在家"}, status=303)
        assert Occurrence.objects.get(duty__code="D-CC-12").state == "done"


@pytest.mark.clause("CC-D1")
def test_the_bundle_is_sent_once_and_received(house, browse):
    load_catalogue()
    closed(house)
    generate(at=NEXT_MONDAY)
    assert "待发送" in words(browse("cc", "/claims/bundles/", at=NEXT_MONDAY))
    page = words(browse("cc", WEEK, at=NEXT_MONDAY))
    assert "完工逐项自检并拍照" in page and "发送给行政部经理" in page and "人sw" not in page
    assert "发送给行政部经理</button>" not in words(browse("am", WEEK, at=NEXT_MONDAY))
    sent = {"note": "请各网点学习", "once": "018f0000-0000-7000-8000-000000000001"}
    browse("am", WEEK, sent, at=NEXT_MONDAY, status=422)
    for _twice in range(2):
        browse("cc", WEEK, sent, at=NEXT_MONDAY, status=303)
    paper = Publication.objects.get(kind="bundle")
    assert not paper.record.is_late(NEXT_MONDAY)
    assert Occurrence.objects.get(duty__code="D-CC-05", period="2026-03-02").state == "done"
    page = words(browse("am", WEEK, at=NEXT_MONDAY))
    copy = Copy.objects.get(record=paper.record)
    assert f"/records/copies/{copy.pk}/" in page and "请各网点学习" in page
    browse("am", f"/records/copies/{copy.pk}/", {}, at=NEXT_MONDAY + HOUR, status=303)
    assert "已签收" in words(browse("cc", "/claims/bundles/", at=NEXT_MONDAY + HOUR))
    pdf = browse("am", f"/records/{paper.pk}/print.pdf", at=NEXT_MONDAY)
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.clause("CC-D1")
def test_a_bundle_sent_after_noon_is_late_for_good(house, browse):
    closed(house)
    late = NEXT_MONDAY + 2 * HOUR + MINUTE
    assert "逾期" in words(browse("cc", WEEK, at=late))
    browse("cc", WEEK, {"note": ""}, at=late, status=303)
    assert "逾期" in words(browse("am", WEEK, at=late + 30 * DAY))


@pytest.mark.clause("CC-D1")
def test_a_running_week_is_not_sent(house, browse):
    closed(house)
    page = words(browse("cc", WEEK, at=MONDAY + 3 * DAY))
    assert "本周未结束" in page and "发送给行政部经理</button>" not in page
    refused = browse("cc", WEEK, {"note": ""}, at=MONDAY + 3 * DAY, status=422)
    assert "这一周还没有结束" in words(refused)
    for address in (
        "/claims/bundles/2026-03-03/",
        "/claims/bundles/2026-04-06/",
        "/claims/bundles/0001-01-01/",
        "/claims/bundles/x/",
    ):
        browse("cc", address, at=NEXT_MONDAY, status=404)


@pytest.mark.clause("CC-D1")
def test_a_bundle_names_nobody(house, browse):
    case = closed(house)
    Improvement.objects.filter(case=case).update(measure="请人sw和林知夏家以后提前一天确认")
    page = words(browse("cc", WEEK, at=NEXT_MONDAY))
    assert "人sw" not in page and "林知夏" not in page and "以后提前一天确认" in page


@pytest.mark.clause("CC-D5")
def test_the_table_is_live_until_it_is_published(house, browse):
    load_catalogue()
    _case, settlement = settled(house)
    sign_all(house, settlement)
    page = words(browse("cc", PERIOD, at=MONDAY + 3 * DAY))
    assert "本期尚未结束" in page and "¥900.00" in page and "发布并发送" not in page
    said = {"comment": "以台面为主", "suggestion": "加强培训"}
    browse("cc", PERIOD, said, at=MONDAY + 3 * DAY, status=422)
    generate(at=AFTER)
    browse("hs", PERIOD, said, at=AFTER, status=422)
    browse("cc", PERIOD, {"comment": "", "suggestion": ""}, at=AFTER, status=422)
    browse("cc", PERIOD, said, at=AFTER, status=303)
    paper = Publication.objects.get(kind="RPT-13")
    assert Occurrence.objects.get(duty__code="D-CC-04", period="2026-03-02").state == "done"
    page = words(browse("hs", PERIOD, at=AFTER))
    assert "2 周" in page
    assert paper.digest in page and paper.record.number in page and "以台面为主" in page and "与内容一致" in page
    ledger = sum(s.approved_total for s in Settlement.objects.filter(accepted_at__isnull=False))
    assert D(paper.figures["total"]["settled"]) == ledger == D("900.00")
    roles = set(paper.record.signatures.values_list("role", "signer__name"))
    assert roles == {("specialist", "人cc"), ("manager", "人cs")}
    readers = set(Copy.objects.filter(record=paper.record).values_list("person__name", flat=True))
    assert {"人hs", "人ls", "人cs", "人fin", "人am"} <= readers
    assert browse("fin", f"/records/{paper.pk}/print.pdf", at=AFTER).content.startswith(b"%PDF")


@pytest.mark.clause("CC-D5")
def test_a_correction_is_a_revision_beside_the_first(house, browse):
    _case, settlement = settled(house)
    said = {"comment": "正常", "suggestion": "无"}
    browse("cc", PERIOD, said, at=AFTER, status=303)
    by = house.actor(house.handler_of(settlement.case), AFTER)
    actions.log_insurer(
        stages.told(settlement), by=by, at=AFTER, claimed=D(500), paid=D("310.50"), paid_on=dt.date(2026, 3, 14)
    )
    page = words(browse("cc", PERIOD, at=AFTER))
    assert "发布以后台账有了变化" in page and "¥310.50" not in page
    assert "¥310.50" in words(browse("cc", f"{PERIOD}?live=1", at=AFTER))
    browse("cc", f"{PERIOD}?live=1", said, at=AFTER, status=303)
    page = words(browse("am", PERIOD, at=AFTER))
    assert "第 1 次修订" in page and "¥310.50" in page
    assert "已被后来的修订代替" in words(browse("am", f"{PERIOD}?revision=0", at=AFTER))
    browse("am", f"{PERIOD}?revision=7", at=AFTER, status=404)


@pytest.mark.clause("CC-D5")
@pytest.mark.parametrize(
    "day", ["2026-03-09", "2026-03-03", "2027-01-04", "0001-01-01", "9999-12-31", "2026-13-01", "x"]
)
def test_only_the_companys_periods_have_a_page(browse, day):
    browse("cc", f"/claims/totals/{day}/", at=AFTER, status=404)


@pytest.mark.clause("CC-D5")
def test_the_tables_are_for_those_who_answer_for_them(browse):
    for address in ("/claims/bundles/", "/claims/totals/", WEEK, PERIOD):
        for name in ("op", "oa", "sw", "hr"):
            browse(name, address, at=AFTER, status=403)
        for name in ("gm", "dgm", "ls", "fin"):
            browse(name, address, at=AFTER)


@pytest.mark.clause("CC-D5")
def test_the_spreadsheet_says_what_the_page_says(house, browse):
    settled(house)
    closed(house, at=MONDAY + DAY)
    answer = browse("cc", f"{PERIOD}?export=xlsx", at=AFTER)
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    first = book.read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r"<v>900(\.0+)?</v>", first) and "每千单" in first
    assert browse("am", f"{WEEK}?export=xlsx", at=AFTER).content[:2] == b"PK"
    assert set(Export.objects.values_list("subject", flat=True)) == {"claims.totals", "claims.bundle"}


@pytest.mark.clause("CC-D5")
@pytest.mark.parametrize(
    "amounts", [["1", "1", "1"], ["0.01", "99999.99"], ["0", "0"], ["33.33", "33.33", "33.34", "0"], []]
)
def test_shares_add_up(amounts):
    shares = totals_table.shares([D(amount) for amount in amounts])
    assert sum(shares) == (D(100) if any(D(amount) for amount in amounts) else 0)
    assert all(share.as_tuple().exponent == -1 and share >= 0 for share in shares)


@pytest.mark.clause("CC-D1")
def test_the_workbench_says_what_is_due(house, browse):
    load_catalogue()
    case = complain(house)
    handler = house.handler_of(case)
    assert "受理投诉，与客户核定完成日" in words(browse(handler, "/"))
    generate(at=AFTER)
    assert "/claims/bundles/2026-03-09/" in words(
        browse("cc", "/", at=AFTER)
    ) or "/claims/bundles/2026-03-09/" in words(browse("cc2", "/", at=AFTER))


def cost(browse, *args, **more):
    browse(*args, **more)
    with CaptureQueriesContext(connection) as seen:
        browse(*args, **more)
    return len(seen.captured_queries)


def test_nobody_estimates_a_complaint(house, browse):
    complain(house)
    assert "¥" not in browse("cs", "/cases/").content.decode()


def test_lists_and_tables_cost_the_same_at_any_size(house, browse):
    closed(house)
    few = [cost(browse, "cc", address, at=AFTER) for address in ("/claims/bundles/", WEEK, "/claims/totals/", PERIOD)]
    for number in range(6):
        order = house.make_order(house.make_customer(f"客户{number}", "west" if number % 2 else "east"))
        closed(house, order=order, unit=order.outlet, at=MONDAY + number * HOUR)
    assert Case.objects.count() == 7
    assert [
        cost(browse, "cc", address, at=AFTER) for address in ("/claims/bundles/", WEEK, "/claims/totals/", PERIOD)
    ] == few
    browse("cc", PERIOD, {"comment": "正常", "suggestion": "无"}, at=AFTER, status=303)
    assert cost(browse, "am", PERIOD, at=AFTER) <= 30
