"""What something costs and why (domain.md 5.2, H17)."""

import datetime as dt
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhangfa.orders.price_rules import (
    Extra,
    PriceRow,
    price_on,
    quote_for,
    refuse_extras,
    refuse_price,
    refuse_quantity,
    refuse_surcharge,
    refuse_withdrawal,
)

pytestmark = pytest.mark.clause("HS-W3")
DAY = dt.date(2026, 3, 2)
TODAY = {"today": DAY, "is_first": False, "is_taken": False, "to_on": None}


def row(number, price="55", *, days=-100, to=None, **more):
    to_on = None if to is None else DAY + dt.timedelta(days=to)
    return PriceRow(number, D(price), DAY + dt.timedelta(days=days), to_on, **more)


def codes(refusals):
    return {refusal.code for refusal in refusals}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], None),
        ([row(1)], 1),
        ([row(1), row(2, days=-1)], 2),  # the newest of one scope
        ([row(1), row(2, days=1)], 1),  # not yet in force
        ([row(1), row(2, days=0)], 2),  # from this day on
        ([row(1), row(2, days=-5, to=-1)], 1),  # a promotion is over, the price before it holds again
        ([row(1), row(2, days=-5, to=0)], 2),  # its last day
        ([row(1, days=-1), row(2, kind="enterprise")], 2),  # for this kind of customer
        ([row(1, days=-1), row(2, kind="household")], 1),
        ([row(1, days=-1, kind="enterprise"), row(2, region=7)], 2),  # the region before the kind
        ([row(1, region=7), row(2, region=7, kind="enterprise")], 2),
        ([row(1), row(2, region=8)], 1),
    ],
)
def test_the_price_that_holds(rows, found):
    best = price_on(rows, region=7, kind="enterprise", day=DAY)
    assert (best.id if best else None) == found


@pytest.mark.parametrize(
    ("quantity", "extras", "lines"),
    [
        ("3", [], [("base", "165.00")]),
        ("2", [], [("base", "110.00")]),
        ("1.5", [], [("minimum_quantity", "110.00")]),
        ("3", [Extra("N", DAY, percent=D(20))], [("base", "165.00"), ("surcharge", "33.00")]),
        ("3", [Extra("F", DAY, amount=D(30))], [("base", "165.00"), ("surcharge", "30.00")]),
    ],
)
def test_every_line_of_a_price_is_told(quantity, extras, lines):
    quote = quote_for(row(1, minimum_quantity=D(2)), D(quantity), extras)
    assert [(line.code, str(line.amount)) for line in quote.lines] == lines
    assert quote.total == sum(D(amount) for _code, amount in lines)


@pytest.mark.parametrize(("area", "total"), [("44.4", "400.00"), ("44.5", "400.50"), ("100", "900.00")])
def test_the_least_sum_is_filled_up(area, total):
    assert quote_for(row(1, "9", minimum_amount=D(400)), D(area), []).total == D(total)


def test_a_share_is_taken_from_the_sum_with_the_least_charge():
    quote = quote_for(row(1, "9", minimum_amount=D(400)), D(10), [Extra("N", DAY, percent=D(20))])
    assert [line.amount for line in quote.lines] == [D(90), D(310), D(80)]


@given(
    price=st.decimals("0.01", "9999", places=2), quantity=st.decimals("0.1", "999", places=1),
    least=st.decimals(0, 2000, places=2), percent=st.decimals("0.1", 100, places=1),
)  # fmt: skip
def test_the_total_is_the_sum_of_its_lines_and_never_under_the_least(price, quantity, least, percent):
    quote = quote_for(PriceRow(1, price, DAY, minimum_amount=least), quantity, [Extra("N", DAY, percent=percent)])
    assert quote.total == sum(line.amount for line in quote.lines) >= least
    assert all(line.amount >= 0 and line.amount == line.amount.quantize(D("0.01")) for line in quote.lines)


def test_only_what_stands_on_the_list_is_ordered():
    assert codes(refuse_quantity(quantity=D(1), row=None)) == {"price.none"}
    assert codes(refuse_quantity(quantity=D(0), row=row(1))) == {"price.quantity"}
    assert not codes(refuse_quantity(quantity=D("0.1"), row=row(1)))


@pytest.mark.parametrize(("days", "refused"), [(-1, False), (0, False), (1, True)])
def test_a_surcharge_has_its_days(days, refused):
    extra = Extra("S", DAY + dt.timedelta(days=days), DAY + dt.timedelta(days=days + 1), amount=D(1))
    assert bool(codes(refuse_extras([extra], day=DAY))) is refused


@pytest.mark.parametrize(
    ("days", "change", "found"),
    [
        (1, {}, set()),
        (0, {}, {"price.past"}),
        (0, {"is_first": True}, set()),
        (-1, {"is_first": True}, {"price.past"}),
        (1, {"unit_price": D(0)}, {"price.positive"}),
        (2, {"to_on": DAY + dt.timedelta(days=1)}, {"price.order"}),
        (1, {"is_taken": True}, {"price.taken"}),
    ],
)
def test_a_price_is_published_before_it_holds(days, change, found):
    facts = {"unit_price": D(1), "from_on": DAY + dt.timedelta(days=days), **TODAY, **change}
    assert codes(refuse_price(**facts)) == found


def test_what_has_been_in_force_is_history():
    assert codes(refuse_withdrawal(from_on=DAY, today=DAY, is_withdrawn=False)) == {"price.in_force"}
    assert not codes(refuse_withdrawal(from_on=DAY + dt.timedelta(days=1), today=DAY, is_withdrawn=False))


def test_a_surcharge_is_a_share_or_a_sum():
    facts = {"from_on": DAY + dt.timedelta(days=1), "to_on": None, "today": DAY, "is_taken": False}
    assert codes(refuse_surcharge(percent=D(5), amount=D(5), **facts)) == {"surcharge.one"}
    assert codes(refuse_surcharge(percent=None, amount=None, **facts)) == {"surcharge.one"}
    assert codes(refuse_surcharge(percent=D(0), amount=None, **facts)) == {"surcharge.zero"}
    assert not codes(refuse_surcharge(percent=D(5), amount=None, **facts))
