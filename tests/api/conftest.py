"""Callers of the interface: one client per post, with a token."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from zhangfa.core import clock

# The house is imported late: Django is set up after this file is read.


class Caller:
    """Somebody with a token; answers come back as (status, body)."""

    def __init__(self, house: Any, name: str):
        from tests.houses import MONDAY
        from zhangfa.runtime import tokens

        self.house, self.at = house, MONDAY
        self.headers = {"Authorization": f"Bearer {tokens.issue(house.user(name), at=MONDAY)}"}
        self.client = Client(raise_request_exception=True)

    def call(self, method: str, path: str, body: Any = None, at: Any = None, **headers: str) -> Any:
        data = (
            {}
            if body is None
            else {"data": body if isinstance(body, bytes) else json.dumps(body), "content_type": "application/json"}
        )
        with clock.at(at or self.at):
            return self.client.generic(method, f"/api/v1{path}", headers={**self.headers, **headers}, **data)

    def get(self, path: str, **more: Any) -> Any:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.call("POST", path, {} if body is None else body, **more)


@pytest.fixture
def caller(house: Any) -> Any:
    known: dict[str, Caller] = {}

    def of(name: str) -> Caller:
        return known.setdefault(name, Caller(house, name))

    return of


@pytest.fixture
def reported(house: Any) -> Any:
    """A report's body as a program sends it."""

    def body(estimate: str = "1800.00", **more: Any) -> dict[str, Any]:
        return {
            "unit": str(house.units["east"].pk), "customer": str(house.customer.pk), "order": str(house.order.pk),
            "worker": str(house.people["sw"].pk), "reporter": "林女士", "reporter_phone": "15400009999", "source": "operator",
            "occurred_at": "2026-03-02T09:00:00+08:00", "place": "厨房", "guarantee": "property", "summary": "清洁时台面开裂",
            "estimate": estimate,
        } | more  # fmt: skip

    return body


@pytest.fixture(autouse=True)
def _nobody_has_called_yet() -> Any:
    """Calls are counted by the minute, and the clock of the tests stands still."""
    from django.core.cache import cache

    cache.clear()
