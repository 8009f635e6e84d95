"""Cells and headings as people write them."""

import datetime as dt
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangfa.core.text import national
from zhangfa.imports import cells, headers
from zhangfa.imports.targets import TARGETS

DAY = dt.date(2024, 3, 5)


@pytest.mark.parametrize(
    "cell",
    [
        "2024年3月5日", "2024.3.5", "2024-03-05", "2024/3/5", "20240305", "24.3.5", "24年3月5日", "45356", "45356.0", "3/5", "3月5日", "３月５日",
        "2024-03-05 14:30", "2024年03月05日 下午2:30", "2024-03-05T00:00:00", " 2024 年 3 月 5 日",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_shape(cell):
    assert cells.date_of(cell, year=2024) == DAY


@pytest.mark.parametrize(
    ("cell", "code"), [("2024-02-30", "date"), ("昨天", "date"), ("0024-01-01", "date_range"), ("", "date")]
)
def test_what_is_no_day_says_so(cell, code):
    with pytest.raises(cells.Unclear) as found:
        cells.date_of(cell, year=2024)
    assert found.value.code == code


def test_a_day_without_a_year_asks_for_it():
    with pytest.raises(cells.Unclear) as found:
        cells.date_of("3/5")
    assert found.value.code == "date_year"


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1,280.50元", "1280.50"), ("¥１２８０", "1280.00"), ("1280", "1280.00"), ("1.5万", "15000.00"), ("(300)", "-300.00"),
        ("人民币 99 元整", "99.00"), ("￥3，000", "3000.00"), ("0.005", "0.01"), ("1280.0", "1280.00"),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_every_shape(cell, amount):
    assert cells.money_of(cell) == D(amount)


@pytest.mark.parametrize("cell", ["abc", "12元3角", "", "1e5", "nan", "99999999999999"])
def test_what_is_no_amount_says_so(cell):
    with pytest.raises(cells.Unclear):
        cells.money_of(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "13800001111", "138 0000 1111", "138-0000-1111", "13800001111.0", "1.3800001111E10", "+86 13800001111", "１３８００００１１１１",
        "13800001111/0574-87654321", "电话：13800001111", "0086-138-0000-1111",
    ],
)  # fmt: skip
def test_a_telephone_is_read_in_every_shape(cell):
    assert cells.phone_of(cell) == "13800001111"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("+864008001234", "4008001234"), ("00868001234567", "8001234567"), ("4008001234", "4008001234"),
        ("+8657487654321", "057487654321"), ("+864118765432", "04118765432"),
    ],
)  # fmt: skip
def test_a_service_number_gets_no_area_code(sent, kept):
    assert national(sent) == kept


@pytest.mark.parametrize("cell", ["1380000111", "138000011112", "1543344", "没有"])
def test_a_mobile_number_with_a_digit_too_few_or_too_many_is_nobody_s(cell):
    with pytest.raises(cells.Unclear):
        cells.phone_of(cell)


@pytest.mark.parametrize(
    ("cell", "hour"),
    [("14:30", (14, 30)), ("下午2点半", (14, 30)), ("2:30 PM", (2, 30)), ("9点", (9, 0)), ("上午9:05", (9, 5)), ("0.375", (9, 0)), ("下午12:10", (12, 10))],
)  # fmt: skip
def test_an_hour_is_read(cell, hour):
    assert cells.time_of(cell) == dt.time(*hour)


@given(st.text(max_size=40))
def test_no_cell_breaks_a_reader(text):
    for reader in (cells.date_of, cells.money_of, cells.number_of, cells.phone_of, cells.flag_of, cells.time_of):
        try:
            reader(text)
        except cells.Unclear:
            continue


def test_the_heading_is_found_below_a_title():
    rows = [
        ["客户名单"],
        ["制表：小张", "", "2024"],
        ["姓名", "手机", "地址", "门店"],
        ["王", "13800001111", "听松苑", "东"],
    ]
    found = headers.heading_of(rows, TARGETS["customers"])
    assert (found.first, found.last) == (2, 2)
    assert {n: guess.field for n, guess in headers.guesses(found, rows[3:], TARGETS["customers"]).items()} == {
        0: "name", 1: "phone", 2: "address", 3: "outlet",
    }  # fmt: skip


def test_a_heading_of_two_lines_is_read_together():
    rows = [
        ["订单", "", "客户", "", "金额", ""],
        ["单号", "日期", "姓名", "电话", "应收", "实收"],
        ["A1", "2024-03-05", "王", "13800001111", "300", "300"],
    ]
    target = TARGETS["orders"]
    found = headers.heading_of(rows, target)
    fields = {guess.field for guess in headers.guesses(found, rows[found.last + 1 :], target).values()}
    assert found.last == 1
    assert {"ref", "served_on", "phone", "amount", "paid"} <= fields


def test_a_column_of_telephones_is_known_without_a_heading():
    rows = [["王小明", "13800001111"], ["李静", "13900001111"], ["赵", "13700001111"]]
    assert headers.guesses(None, rows, TARGETS["customers"])[1].field == "phone"


@pytest.mark.parametrize("row", [["合计", "", "12"], ["", "总计：", "1"], ["Total", "9"], ["小 计", ""]])
def test_totals_are_no_rows(row):
    assert headers.is_total(row)


def test_a_customer_called_like_a_sum_is_a_row():
    assert not headers.is_total(["3", "王合计", "13800001111"])


def test_targets_are_declared_in_few_lines():
    from pathlib import Path

    folder = Path(headers.__file__).parent / "targets"
    assert max(len(path.read_text().splitlines()) for path in folder.glob("*.py")) <= 150
