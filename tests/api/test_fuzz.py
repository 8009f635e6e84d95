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
# Those who have most to do, and some who have nothing.
NAMES = ("cc", "cs", "cc", "dgm", "oa", "cc", "fin", "gm", "op", "cs", "sw")


class Crowd:
    """The world, and whose turn it is to ask for what."""

    def __init__(self) -> None:
        from tests.worlds import World

        self.world = World()
        self.turn = itertools.count()

    def real(self, path: str, given: dict) -> dict:
        return given | self.world.address(path, next(self.turn))

    def token(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.world.tokens[name]}"}

    def somebody(self) -> dict[str, str]:
        return self.token(NAMES[next(self.turn) % len(NAMES)])


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield Crowd()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _calm(settings, db, crowd, django_db_blocker):
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
def test_invented_requests_never_break_anything(case, crowd):
    case.call_and_validate(headers=crowd.token("gm"))


@api.parametrize()
@QUIET
def test_invented_input_to_real_papers_never_breaks_anything(case, crowd):
    if "{" not in case.operation.path:
        return
    case.path_parameters = crowd.real(case.operation.path, case.path_parameters or {})
    case.call_and_validate(headers=crowd.somebody(), checks=SHAPES)
