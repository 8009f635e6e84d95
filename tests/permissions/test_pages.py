"""Every address of the pages × everybody."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.houses import MONDAY
from tests.permissions.tables import ANONYMOUS, EVERYBODY, clients, compare, outcome, quiet, render, undone, who
from tests.worlds import World
from zhangfa.core import clock

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("pages.txt")
# Signing in, and a customer's own link, are for everybody; the interface has a table of its own.
OUTSIDE = ("accounts/", "api/v1/", "language/", "s/")
PUBLIC = ("ui:theme",)
QUERIES = {"ui:lookup": "?name=customer"}


def addresses(resolver: URLResolver, names: tuple[str, ...] = (), route: str = "") -> list[tuple[str, str]]:
    found = []
    for pattern in resolver.url_patterns:
        full = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += addresses(pattern, (*names, *([pattern.namespace] if pattern.namespace else [])), full)
        elif isinstance(pattern, URLPattern) and not full.startswith(OUTSIDE):
            found.append((":".join((*names, str(pattern.name))), full))
    return found


def examples(world: World) -> dict[str, dict[str, Any]]:
    """What stands in the addresses, by the part before the first colon or by the whole name."""
    house, pool = world.house, world.pool
    return {
        "ui": {"source": "customers"}, "policy": {"key": "claims.manager_max", "clause": "CC-W1.1", "post": "cc"},
        "notices": {"pk": pool["notices"][0]}, "approvals": {"pk": pool["steps"][0]},
        "administration": {"pk": world.change.pk, "name": "withdraw", "key": "claims.specialist_max"},
        "customers": {"pk": house.customer.pk, "field": "phone"}, "orders": {"pk": house.order.pk},
        "claims": {"pk": world.assessed.pk, "name": "propose", "talk": pool["talks"][0], "day": pool["bundles"][0]},
        "claims:total": {"day": pool["totals"][0]}, "claims:settlement": {"pk": world.settlement.pk}, "claims:f11": {"pk": world.settled.pk},
        "claims:settlement-do": {"pk": world.settlement.pk, "name": "agree"},
        "records": {"pk": world.settled.pk, "role": "handler", "page": 1}, "records:copy": {"pk": pool["copies"][0]},
        "records:file_view": {"pk": pool["attachments"][0]}, "records:file_thumb": {"pk": pool["attachments"][0]},
        "records:file_original": {"pk": pool["attachments"][0]}, "records:file_remove": {"pk": pool["attachments"][0]},
        "organisation:seat-new": {"pk": house.units["east"].pk}, "organisation:unit": {"pk": house.units["east"].pk}, "organisation:seat": {"pk": house.seats["oa"].pk},
        "organisation:hold": {"pk": house.seats["oa"].pk}, "organisation:charge": {"pk": house.units["home"].pk},
        "organisation:holding": {"pk": house.people["oa"].holdings.get().pk}, "organisation:person": {"pk": house.people["oa"].pk},
        "organisation:absence": {"pk": world.absence.pk}, "organisation:user": {"pk": world.users["oa"].pk},
        "organisation:day": {"pk": world.day_off.pk},
    }  # fmt: skip


def filled(name: str, route: str, known: dict[str, dict[str, Any]]) -> str:
    """The address with examples in it. A new kind of address needs one: add it to `examples`."""
    values = {**known.get(name.partition(":")[0], {}), **known.get(name.partition("-")[0], {}), **known.get(name, {})}

    def value(match: re.Match[str]) -> str:
        assert match[1] in values, f"{name} ({route}) needs an example of <{match[1]}>"
        return str(values[match[1]])

    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", value, route).replace("^", "").replace("$", "")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, plain) + QUERIES.get(name, "")


def test_who_may_open_which_page(db):
    with clock.at(MONDAY), quiet():
        world = World()
        browsers, known = clients(world), examples(world)
        outcomes = {}
        for name, route in addresses(get_resolver()):
            address = filled(name, route, known)
            outcomes[f"{name}: {route}"] = {person: ask(browsers[person], address) for person in EVERYBODY}
    guarded = {name: row for name, row in outcomes.items() if not name.startswith(PUBLIC)}
    assert not who(guarded, "sign-in", [ANONYMOUS])
    assert not [name for name, row in outcomes.items() if "500" in row.values()]
    compare(TABLE, render(outcomes))


def ask(browser: Any, address: str) -> str:
    """Opening the page; where there is nothing to open, sending an empty form."""
    answer = undone(lambda: browser.get(address))
    return outcome(answer if answer.status_code != 405 else undone(lambda: browser.post(address)))
