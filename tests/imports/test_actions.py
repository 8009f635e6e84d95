"""From a messy workbook to the archive and back."""

import datetime as dt
from decimal import Decimal as D

import pytest

from tests.houses import MONDAY
from tests.imports import workbooks
from tests.imports.workbooks import brought, checked, undone, work_off, written
from zhangfa.audit.models import Event
from zhangfa.core.decisions import Refused
from zhangfa.customers.actions.profile import save_profile
from zhangfa.customers.models import Consent, Customer, Profile
from zhangfa.imports import actions
from zhangfa.imports.models import Import, Result, Row

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-W2.1")]
S, R = Import.Status, Row.State


def states(batch):
    return {row.n: row.state for row in batch.rows.order_by("n")}


def test_a_messy_workbook_is_mapped_checked_written_and_taken_back(house):
    before = Customer.objects.count()
    batch = brought(house, workbooks.messy_customers())
    assert batch.status == S.MAPPING
    assert workbooks.guessed(batch) == {
        "1": "name",
        "2": "phone",
        "3": "address",
        "4": "outlet",
        "5": "joined_on",
        "6": "note",
    }
    batch = checked(house, batch)
    assert (batch.status, batch.counts) == (S.CHECKED, {"ready": 4, "skipped": 1, "wrong": 2})
    assert batch.rows_left_out == 2  # the blank line and the sum
    assert Customer.objects.count() == before
    batch = written(house, batch)
    assert (batch.status, batch.count(R.APPLIED)) == (S.APPLIED, 4)
    made = {row.name: row for row in Customer.objects.order_by("-pk")[:4]}
    wang = made["王小明"]
    assert (wang.phone, wang.compound, wang.address, wang.joined_on) == (
        "13800001111",
        "听松苑",
        "3幢402",
        dt.date(2024, 3, 5),
    )
    assert wang.no == f"K{wang.pk:07d}" and wang.department_id == house.units["home"].pk
    assert made["宁波海风酒店"].kind == "enterprise"
    assert Customer.objects.search("wangxiaom").filter(pk=wang.pk).exists()
    assert Event.objects.filter(name="customers.customer.taken_over").count() == 1
    batch = undone(house, batch)
    assert (batch.status, batch.counts["undone"]) == (S.UNDONE, 4)
    assert Customer.objects.count() == before


def test_a_wrong_row_is_mended_in_place_and_written_later(house):
    batch = written(house, checked(house, brought(house, workbooks.messy_customers())))
    row = batch.rows.get(state=R.WRONG, n=7)
    assert [issue["field"] for issue in row.issues] == ["phone"]
    row = actions.mend(row, cells={"phone": "13800007777"}, by=house.actor("cs"), at=MONDAY)
    assert row.state == R.READY
    batch = written(house, Import.objects.get(pk=batch.pk))
    assert Customer.objects.filter(name="错电话", phone_last4="7777").count() == 1
    assert batch.counts == {"applied": 5, "skipped": 1, "wrong": 1}


def test_a_value_is_put_for_another_in_all_wrong_rows(house):
    batch = checked(house, brought(house, workbooks.messy_customers()))
    batch = work_off(
        actions.replace(batch, field="outlet", old="城东店", new="east单位", by=house.actor("cs"), at=MONDAY)
    )
    assert (batch.status, batch.counts) == (S.CHECKED, {"ready": 5, "skipped": 1, "wrong": 1})


def test_the_mapping_of_a_workbook_is_remembered(house):
    checked(house, brought(house, workbooks.messy_customers()), columns={"1": "name", "2": "phone", "4": "outlet"})
    again = brought(house, workbooks.messy_customers())
    assert workbooks.guessed(again) == {"1": "name", "2": "phone", "4": "outlet"}


def test_what_the_archive_knows_is_filled_or_left(house):
    rows = [[1, "林知夏", "15400009999", "", "east单位", "", "新备注"]]
    house.customer.note = ""
    house.customer.save()
    batch = checked(house, brought(house, workbooks.messy_customers(rows)), on_known="fill")
    assert batch.counts == {"doubled": 1} and batch.rows.get().known == house.customer.no
    batch = written(house, batch)
    assert Customer.objects.get(pk=house.customer.pk).note == "新备注"
    undone(house, batch)
    assert Customer.objects.get(pk=house.customer.pk).note == ""


def answering(*rows):
    """A list with columns that answer the customer's file."""
    return workbooks.xlsx(("客户", [["客户姓名", "联系电话", "所属门店", "宠物", "面积"], *rows]))


def test_answers_of_a_known_file_are_filled_where_it_is_blank_and_taken_back(house):
    save_profile(house.customer, is_finished=False, has_contract=False, by=house.actor("cs"), at=MONDAY, pets="一只猫")
    was = Customer.objects.get(pk=house.customer.pk).completeness
    sent = answering(["林知夏", "15400009999", "east单位", "两只狗", "约89平"])
    batch = written(house, checked(house, brought(house, sent), on_known="fill"))
    file = Profile.objects.get(pk=house.customer.pk)
    assert (file.pets, file.area_m2) == ("一只猫", "89")
    assert Customer.objects.get(pk=house.customer.pk).completeness > was
    undone(house, batch)
    file.refresh_from_db()
    assert (file.pets, file.area_m2) == ("一只猫", "")
    assert Customer.objects.get(pk=house.customer.pk).completeness == was


def test_a_file_is_begun_by_a_list_and_an_answer_changed_since_stays(house):
    assert not Profile.objects.filter(pk=house.customer.pk).exists()
    sent = answering(["林知夏", "15400009999", "east单位", "两只狗", "89"])
    batch = written(house, checked(house, brought(house, sent), on_known="fill"))
    save_profile(house.customer, is_finished=False, has_contract=False, by=house.actor("cs"), at=MONDAY, area_m2="95")
    batch = undone(house, batch)
    file = Profile.objects.get(pk=house.customer.pk)
    assert batch.counts["kept"] == 1 and (file.pets, file.area_m2) == ("两只狗", "95")


def test_a_filled_field_that_was_changed_since_stays(house):
    rows = [[1, "林知夏", "15400009999", "", "east单位", "", "新备注"]]
    batch = written(house, checked(house, brought(house, workbooks.messy_customers(rows)), on_known="fill"))
    Customer.objects.filter(pk=house.customer.pk).update(note="后来改的")
    batch = undone(house, batch)
    assert batch.counts["kept"] == 1
    assert Customer.objects.get(pk=house.customer.pk).note == "后来改的"


def test_a_customer_with_an_order_is_not_taken_back_and_says_why(house):
    batch = written(house, checked(house, brought(house, workbooks.messy_customers())))
    wang = Customer.objects.get(name="王小明")
    house.make_order(wang)
    planned = work_off(actions.plan_undo(batch, by=house.actor("cs"), at=MONDAY))
    assert planned.status == S.PLANNED and planned.counts["stuck"] == 1
    stuck = Result.objects.exclude(stuck=[]).get()
    assert (stuck.key, stuck.stuck) == (wang.pk, [{"code": "used", "by": "orders.order"}])
    assert Customer.objects.filter(name="李 静").exists()
    # Nothing happened yet; it may be left so.
    kept = actions.keep(planned, by=house.actor("cs"), at=MONDAY)
    assert kept.status == S.APPLIED
    batch = undone(house, kept)
    assert batch.counts["undone"] == 3 and batch.counts["kept"] == 1
    assert Customer.objects.filter(pk=wang.pk).exists() and not Customer.objects.filter(name="李 静").exists()


def test_the_same_list_twice_makes_nobody_twice(house):
    written(house, checked(house, brought(house, workbooks.messy_customers())))
    batch = checked(house, brought(house, workbooks.messy_customers()))
    assert batch.count(R.READY) == 0
    with pytest.raises(Refused):
        actions.apply(batch, by=house.actor("cs"), at=MONDAY)


def test_consent_is_kept_with_where_it_comes_from(house):
    heads = ["姓名", "电话", "网点", "是否同意回访"]
    data = workbooks.xlsx(
        ("表", [heads, ["甲", "13800001111", "east单位", "是"], ["乙", "13800002222", "east单位", "否"]])
    )
    batch = written(house, checked(house, brought(house, data)))
    said = {row.customer.name: row for row in Consent.objects.select_related("customer")}
    assert said["甲"].is_granted and not said["乙"].is_granted
    assert batch.number in said["甲"].evidence and "纸质服务合同" in said["甲"].evidence
    undone(house, batch)
    assert not Consent.objects.exists()


def test_without_a_source_nobodys_data_come_in(house):
    batch = brought(house, workbooks.messy_customers())
    with pytest.raises(Refused) as found:
        actions.check(
            batch,
            columns=workbooks.guessed(batch),
            constants={},
            sheets=["客户"],
            on_known="skip",
            source="",
            by=house.actor("cs"),
            at=MONDAY,
        )
    assert [refusal.code for refusal in found.value.refusals] == ["import.source"]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8-sig", "utf-8", "utf-16"])
def test_csv_is_read_in_every_encoding(house, encoding):
    text = "姓名,电话,网点\r\n王小明,13800001111,east单位\r\n李静,13900001111,west单位\r\n"
    batch = checked(house, brought(house, text.encode(encoding), name="名单.csv"))
    assert batch.counts == {"ready": 2}


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n0000", b"\x00\x01\x02\x03"])
def test_what_is_no_workbook_is_refused(house, data):
    with pytest.raises(Refused):
        brought(house, data)


def test_a_damaged_workbook_says_so(house):
    batch = brought(house, b"PK\x03\x04" + b"x" * 200)
    assert batch.status == S.FAILED and batch.trouble


@pytest.mark.parametrize("who", ["op", "oa", "sw", "fin", "hr"])
def test_only_those_who_answer_for_customers_import_them(house, who):
    with pytest.raises(Refused):
        brought(house, workbooks.messy_customers(), by=who)


def test_an_import_is_stopped_between_two_chunks_and_goes_on(house, monkeypatch):
    rows = [[n, f"客户{n}", f"1390000{n:04d}", "", "east单位", "", ""] for n in range(1, 31)]
    batch = checked(house, brought(house, workbooks.messy_customers(rows)))
    Import.objects.filter(pk=batch.pk).update(options={**batch.options, "chunk": 10})
    batch = actions.apply(Import.objects.get(pk=batch.pk), by=house.actor("cs"), at=MONDAY)
    assert actions.step(batch.pk, at=MONDAY)
    batch = actions.cancel(Import.objects.get(pk=batch.pk), by=house.actor("cs"), at=MONDAY)
    assert not actions.step(batch.pk, at=MONDAY)
    assert batch.counts == {"applied": 10, "ready": 20}
    batch = written(house, batch)
    assert batch.counts == {"applied": 30} and Customer.objects.filter(name__startswith="客户").count() == 30


def test_a_chunk_that_fails_leaves_nothing(house, monkeypatch):
    from zhangfa.imports.actions import engine

    rows = [[n, f"客户{n}", f"1390000{n:04d}", "", "east单位", "", ""] for n in range(1, 6)]
    batch = actions.apply(
        checked(house, brought(house, workbooks.messy_customers(rows))), by=house.actor("cs"), at=MONDAY
    )
    monkeypatch.setattr(engine, "_tell", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.step(batch.pk, at=MONDAY)
    assert not Customer.objects.filter(name__startswith="客户").exists() and not Result.objects.exists()
    monkeypatch.undo()
    assert work_off(batch).counts == {"applied": 5}


def test_who_lost_the_post_meanwhile_writes_nothing_more(house):
    batch = actions.apply(checked(house, brought(house, workbooks.messy_customers())), by=house.actor("cs"), at=MONDAY)
    house.people["cs"].holdings.update(to_on=MONDAY.date() - dt.timedelta(days=1))
    assert not actions.step(batch.pk, at=MONDAY)
    batch = Import.objects.get(pk=batch.pk)
    assert batch.trouble and batch.count(R.APPLIED) == 0


def test_staged_rows_are_emptied_when_their_days_are_over(house):
    batch = written(house, checked(house, brought(house, workbooks.messy_customers())))
    assert actions.purge_due(MONDAY + dt.timedelta(days=89)) == 0
    assert actions.purge_due(MONDAY + dt.timedelta(days=91)) == 1
    batch = Import.objects.get(pk=batch.pk)
    assert batch.is_purged and not batch.rows.exclude(cells="").exists()
    with pytest.raises(Refused):
        actions.plan_undo(batch, by=house.actor("cs"), at=MONDAY)


def test_an_emptied_import_takes_nothing_back_any_more(house):
    """What was filled in and what was made can't be told apart then: taken back, known customers would be gone."""
    late = MONDAY + dt.timedelta(days=91)
    batch = written(house, checked(house, brought(house, workbooks.messy_customers())))
    batch = work_off(actions.plan_undo(batch, by=house.actor("cs"), at=MONDAY))
    Import.objects.update(status=Import.Status.UNDOING)
    assert actions.purge_due(late) == 0, "what is being worked on is not emptied under its hands"
    Import.objects.update(status=Import.Status.PLANNED)
    assert actions.purge_due(late) == 1
    known = Customer.objects.count()
    with pytest.raises(Refused):
        actions.undo(Import.objects.get(pk=batch.pk), by=house.actor("cs"), at=late)
    Import.objects.update(status=Import.Status.UNDOING, trouble="")
    assert not actions.step(batch.pk, at=late) and Customer.objects.count() == known
    batch = Import.objects.get(pk=batch.pk)
    Import.objects.update(status=Import.Status.PLANNED)
    assert actions.keep(Import.objects.get(pk=batch.pk), by=house.actor("cs"), at=late).status == "applied"


def test_the_file_is_kept_encrypted(house, settings):
    brought(house, workbooks.messy_customers())
    files = [path for path in settings.ATTACHMENTS_ROOT.rglob("*") if path.is_file()]
    assert files and all(b"PK\x03\x04" not in path.read_bytes()[:64] for path in files)
    row = Row(cells="王小明")
    assert row._meta.get_field("cells").get_prep_value("王小明") != "王小明"


HEADS = ["单号", "客户姓名", "联系电话", "服务日期", "服务项目", "金额（元）", "实收", "保洁员", "评分", "状态"]


def orders(*rows):
    return workbooks.xlsx(("订单", [["2023 年订单"], HEADS, *rows]))


def test_three_years_of_orders_come_with_their_receipts(house):
    from zhangfa.finance.models import Receipt
    from zhangfa.orders.doctor import data_problems
    from zhangfa.orders.models import Order
    from zhangfa.orders.registry import _listeners, on_bulk
    from zhangfa.reports.models import Touched

    told = []
    on_bulk("test", lambda rows, came: told.append((len(rows), came)))
    data = orders(
        ["A1", "林知夏", "154 0000 9999", "2023年5月4日", "深度保洁", "1,280元", "1280", "人sw", 5, "已完成"],
        ["A2", "林知夏", "15400009999", "2023.5.11 14:30", "DC01", "¥300.5", "", "T020", "", ""],
        ["A3", "林知夏", 15400009999.0, 45070, "深度保洁", 200, 0, "人sw", "", "取消"],
        ["A4", "没有的人", "13900000000", "2023-05-04", "深度保洁", 100, 100, "人sw", "", ""],
        ["A5", "林知夏", "15400009999", "2023-05-04", "没有的服务", 100, 100, "人sw", "", ""],
        ["A1", "林知夏", "15400009999", "2023-05-04", "深度保洁", 100, 100, "人sw", "", ""],
        ["A6", "林知夏", "15400009999", "2029-05-04", "深度保洁", 100, 100, "人sw", "", ""],
        ["合计", "", "", "", "", 2180.5],
    )  # fmt: skip
    before = Order.objects.count()
    batch = checked(house, brought(house, data, "orders"))
    assert batch.counts == {"ready": 3, "wrong": 3, "skipped": 1}
    batch = written(house, batch)
    rows = list(Order.objects.order_by("pk")[before:])
    assert [(row.amount, row.paid, row.status) for row in rows] == [
        (D("1280.00"), D("1280.00"), "finished"), (D("300.50"), D("300.50"), "finished"), (D("200.00"), D("0.00"), "cancelled"),
    ]  # fmt: skip
    assert rows[1].served_from == dt.datetime(2023, 5, 11, 6, 30, tzinfo=dt.UTC)
    assert rows[0].number == f"D{rows[0].pk:08d}" and rows[0].satisfaction == 5
    assert Receipt.objects.count() == 2 and told == [(3, True)]
    problems = [text for text in data_problems() if "receipts" in text or "department" in text]
    assert problems == []
    # The roll-ups of the reports hear of it, of the coming and of the going.
    assert set(Touched.objects.values_list("customer_id", flat=True)) == {house.customer.pk}
    Touched.objects.all().delete()
    batch = undone(house, batch)
    assert Touched.objects.filter(customer_id=house.customer.pk).exists()
    assert Order.objects.count() == before and Receipt.objects.count() == 0 and told[-1] == (3, False)
    _listeners.pop("test")


def test_orders_find_their_customer_by_the_number_in_the_old_books(house):
    heads = ["会员号", "姓名", "电话", "网点"]
    written(
        house, checked(house, brought(house, workbooks.xlsx(("表", [heads, ["V7", "甲", "13800001111", "east单位"]]))))
    )
    data = workbooks.xlsx(
        ("表", [["客户编号", "日期", "服务", "金额", "服务员"], ["V7", "2023-5-4", "深度保洁", 300, "人sw"]])
    )
    batch = written(house, checked(house, brought(house, data, "orders")))
    assert batch.counts == {"applied": 1}


STAFF = ["工号", "姓名", "手机", "部门", "门店", "职务", "入职时间", "直接上级"]


def staff(*rows):
    return workbooks.xlsx(("花名册", [["员工花名册"], STAFF, *rows]))


def test_a_staff_list_makes_units_seats_and_people_superiors_first(house):
    from zhangfa.organisation.models import Holding, Person, Seat, Unit

    data = staff(
        ["W1", "新服务员", "13700001111", "home单位", "海曙店", "服务员", "2024-5-1", "新店长"],
        ["W2", "又一服务员", "13700001112", "home单位", "海曙店", "服务员", "2024-5-1", ""],
        ["M1", "新店长", "13700002222", "home单位", "海曙店", "网点管理员", "2023-5-1", "人sup"],
        ["T001", "人dgm", "", "", "", "分管副总经理", "", ""],
        ["X1", "没岗位", "", "home单位", "", "宇航员", "", ""],
    )  # fmt: skip
    units, seats, people = Unit.objects.count(), Seat.objects.count(), Person.objects.count()
    batch = checked(house, brought(house, data, "staff", by="am"), by="am")
    assert batch.counts == {"ready": 3, "skipped": 1, "wrong": 1}
    batch = written(house, batch, by="am")
    assert (Unit.objects.count(), Seat.objects.count(), Person.objects.count()) == (units + 1, seats + 2, people + 3)
    outlet = Unit.objects.get(name="海曙店")
    assert (outlet.kind, outlet.parent, outlet.department_id) == ("outlet", house.units["home"], house.units["home"].pk)
    worker = Holding.objects.get(person__no="W1").seat
    assert worker.reports_to == Holding.objects.get(person__no="M1").seat
    assert worker.reports_to.reports_to == house.seats["sup"]
    batch = undone(house, batch, by="am")
    assert (Unit.objects.count(), Seat.objects.count(), Person.objects.count()) == (units, seats, people)


def test_a_person_with_a_login_is_not_taken_back(house):
    from zhangfa.organisation.models import Person, User

    data = staff(["M1", "新店长", "13700002222", "home单位", "海曙店", "网点管理员", "2023-5-1", ""])
    batch = written(house, checked(house, brought(house, data, "staff", by="hr"), by="hr"), by="hr")
    User.objects.create_user("m1", password="x", person=Person.objects.get(no="M1"))
    batch = undone(house, batch, by="hr")
    assert batch.counts == {"kept": 1} and Person.objects.filter(no="M1").exists()


def test_all_sheets_with_the_same_heading_are_one_list(house):
    heads = ["姓名", "电话", "网点"]
    data = workbooks.xlsx(
        ("一月", [heads, ["甲", "13800001111", "east单位"]]),
        ("二月", [heads, ["乙", "13800002222", "west单位"]]),
        ("说明", [["无"]]),
    )
    batch = checked(house, brought(house, data), sheets=["一月", "二月"])
    assert batch.counts == {"ready": 2}
    assert [(row.sheet, row.line) for row in batch.rows.order_by("n")] == [("一月", 2), ("二月", 2)]
