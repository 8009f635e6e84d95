"""What a step costs in statements, sent as the page sends it: within the budget, and the same when there is ten times as much."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.statements import is_counted
from tests.claims import stages
from tests.claims.pages import IN_PLACE, Desk
from tests.claims.test_matrix import HANDLER, WORKS, prepared
from tests.houses import MONDAY
from tests.input.test_case_forms import as_sent
from zhangfa.claims import actions
from zhangfa.core.ids import uuid7

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
MOST = 15
# Why each costs more stands in ADR 16; what they cost now may only sink. The figures are PostgreSQL's, which locks row by row.
FURTHER = {
    # a second table of the case, its block drawn again, or somebody to be found
    "rate": 16, "move_day": 17, "assess": 16, "add_item": 16, "add_price": 17, "hand_over": 17, "reassign": 19, "drop_item": 18, "value_item": 18,
    # a duty opened: what stands is read, the occurrence and its alarm are written
    "log_call": 18, "log_talk": 18, "first_answer": 18, "take_up": 18, "arrive": 19, "finish_survey": 21,
    # a settlement besides its case, a decision or a payment
    "agree": 17, "pay": 17, "propose": 18, "send_back": 19, "withdraw": 21,
    # three typed searches checked and read, a person who comes to the paper and one who leaves it
    "identify": 22,
    # a further paper with its number, signers, copies and readers
    "resolve": 20, "fill_form": 22, "close": 28, "accept": 24, "register": 25,
    # ... and the seats above, until somebody is found who decides
    "propose to the deputy": 33,
}  # fmt: skip


def to_the_deputy(house, status):
    """An assessed accident of 1,800 yuan, ready for a plan that somebody else decides."""
    return actions.confirm_survey(stages.accident(house, status), by=house.actor("oa"), at=MONDAY)


# What follows from something else is nobody's button.
STEPS = {name: (name, *place) for name, place in WORKS.items() if name != "take_over"} | {
    "propose to the deputy": ("propose", to_the_deputy, "assessed", HANDLER),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_keeps_to_its_budget_at_any_size(house, step):
    _first, few = statements_of(house, step), statements_of(house, step)  # the first of a day also opens its counters
    for _time in range(10):
        house.report("1800")
    many = statements_of(house, step)
    assert len(many) == len(few), f"{step}: {len(few)} statements, then {len(many)}\n{new_in(many, few)}"
    most = FURTHER.get(step, MOST)
    assert len(many) <= most, "\n".join([f"{step}: {len(many)} statements instead of {most}", *many])


def statements_of(house, step):
    """The statements of a step by another household's case: sums of one would change the way."""
    house.customer = house.make_customer("邻居")
    house.order = house.make_order(house.customer)
    name, stage, status, who = STEPS[step]
    obj = prepared(house, name, stage(house, status))
    desk = Desk(house, house.handler_of(getattr(obj, "case", obj)) if who == HANDLER else who)
    address = f"{obj.get_absolute_url()}do/{name}/"
    form = desk.get(address).context["form"]
    known = {key: form[key].value() for key in form.fields}
    typed = stages.answers(house, name, obj) if stage is not to_the_deputy else {}
    typed |= {"person": house.people["cs"].pk} if name == "reassign" else {}
    given = as_sent({key: value for key, value in (known | typed).items() if value not in (None, "")})
    with CaptureQueriesContext(connection) as seen:
        answer = desk.post(address, given | {"once": str(uuid7())}, **IN_PLACE)
    assert answer.status_code == 200, (step, answer.status_code, answer.content.decode())
    return [query["sql"] for query in seen.captured_queries if is_counted(query["sql"])]


def new_in(many, few):
    """Those of the longer list whose kind the shorter one lacks."""
    known = {kind_of(sql) for sql in few}
    return "\n".join(sql for sql in many if kind_of(sql) not in known)


def kind_of(sql):
    return re.sub(r"'[^']*'|[0-9]+", "?", sql)[:200]
