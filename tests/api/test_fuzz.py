"""Invented requests to every operation: no fault of ours, and no answer that the description doesn't promise.

`ZHANGFA_FUZZ` is the number of examples per operation: few with a fixed seed in CI, many by hand.
"""

import itertools
import os

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.houses import MONDAY
from zhangfa.core import clock

EXAMPLES = int(os.environ.get("ZHANGFA_FUZZ", "4"))
SEED = 20260302
# A text of blanks fits the schema and says nothing: that is refused, so "valid means accepted" is not asked.
CONFIG = SchemathesisConfig.from_dict(
    {
        "seed": SEED, "checks": {"positive_data_acceptance": {"enabled": False}},
        "phases": {"coverage": {"enabled": EXAMPLES >= 20}, "stateful": {"enabled": False}},
        "generation": {"no-shrink": EXAMPLES < 20, "deterministic": True},
    }
)  # fmt: skip
api = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=CONFIG)
SHAPES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
QUIET = settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
pytestmark = pytest.mark.django_db
NAMES = ("cc", "cc2", "cs", "dgm", "oa", "fin", "gm", "op", "sw")


class World:
    """A company with cases in several states, and everybody's token."""

    def __init__(self) -> None:
        from tests.houses import House
        from zhangfa.approvals.models import Step
        from zhangfa.claims.models import Case, Settlement
        from zhangfa.notices.models import Notice
        from zhangfa.records.models import Attachment, Copy, Record
        from zhangfa.runtime import tokens

        house = House()
        assessed = house.to_assessed(house.report("900"), price="900")
        house.report("1800")
        house.report("300")
        proposed = house.to_assessed(house.report("1900"), price="1900")
        from zhangfa.claims import actions

        actions.confirm_survey(proposed, by=house.actor("oa"), at=MONDAY)
        house.propose(proposed, "1900")
        approved = house.to_assessed(house.report("800", customer=house.make_customer("邻居"), order=None), price="800")
        house.propose(approved, "100")
        assert assessed
        self.tokens = {name: tokens.issue(house.user(name), at=MONDAY) for name in NAMES}

        def ids(rows):
            return [str(pk) for pk in rows.objects.order_by("pk").values_list("pk", flat=True)]

        self.pool = {
            "cases": ids(Case), "settlements": ids(Settlement), "records": ids(Record), "steps": ids(Step), "notices": ids(Notice),
            "copies": ids(Copy), "attachments": ids(Attachment), "customers": [str(house.customer.pk)], "orders": [str(house.order.pk)],
            "units": [str(u.pk) for u in house.units.values()], "seats": [str(s.pk) for s in house.seats.values()],
            "people": [str(p.pk) for p in house.people.values()], "clauses": ["CC-W1.1"], "values": ["claims.manager_max"],
        }  # fmt: skip
        self.turn = itertools.count()

    def real(self, path: str, given: dict) -> dict:
        """The address of something that exists, another one each time."""
        turn = next(self.turn)
        nouns = path.split("/")
        found = dict(given)
        for name in ("key", "id"):
            if f"{{{name}}}" in nouns:
                known = self.pool.get(nouns[nouns.index(f"{{{name}}}") - 1])
                found[name] = known[turn % len(known)] if known else given[name]
        if "{role}" in nouns:
            found["role"] = "handler"
        return found

    def somebody(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[NAMES[next(self.turn) % len(NAMES)]]}"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _calm(settings, db, world, django_db_blocker):
    """Each operation begins with the same rows, and nobody is held back."""
    settings.API_CALLS_PER_MINUTE = 10**9
    # A served request ends its connection; here it holds the rows of the test.
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock(), clock.at(MONDAY):
        yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@api.parametrize()
@QUIET
def test_invented_requests_never_break_anything(case, world):
    case.call_and_validate(headers={"Authorization": f"Bearer {world.tokens['gm']}"})


@api.parametrize()
@QUIET
def test_invented_input_to_real_papers_never_breaks_anything(case, world):
    if "{" not in case.operation.path:
        return
    case.path_parameters = world.real(case.operation.path, case.path_parameters or {})
    case.call_and_validate(headers=world.somebody(), checks=SHAPES)
