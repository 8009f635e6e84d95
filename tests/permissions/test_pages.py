"""Every address of the pages × everybody."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.houses import MONDAY, PASSWORD
from tests.permissions.tables import ANONYMOUS, EVERYBODY, clients, compare, outcome, quiet, render, undone, who
from tests.worlds import World
from zhangfa.core import clock

pytestmark = pytest.mark.django_db
TABLE, SENT_TABLE = (Path(__file__).with_name(name) for name in ("pages.txt", "pages_sent.txt"))
# What the page of a refusal says where nobody gave it a reason.
UNSAID = "您的岗位没有这项权限"
# Signing in, and a customer's own link, are for everybody; the interface has a table of its own.
OUTSIDE = ("accounts/", "api/v1/", "language/", "s/")
PUBLIC = ("ui:theme",)
QUERIES = {"ui:lookup": "?name=customer", "ui:views": "?list=/cases/"}


# Pages whose permission lets in whoever may read: what is sent there is refused by the action, so it is sent filled in.
SENT: dict[str, dict[str, Any]] = {
    "records:sign": {"result": "agree", "signature_password": PASSWORD},
    "records:refusal": {"reason": "当面表示不愿意签字"},
    "records:comment": {"text": "请尽快"},
    "approvals:step": {"result": "agree", "shown_amount": "1900"},
    "administration:do": {},
    "customers:reveal": {"reason": "客户来电核对"},
    "claims:do": {"claimant": "customer", "methods": "cash", "cash_amount": "900", "fault": "none"},
    "claims:settlement-do": {"amount": "1900"},
    "claims:bundle": {},
    "claims:total": {},
}
# Nothing there but what is one's own.
OWN = (
    "ui:theme",
    "ui:views",
    "ui:view-remove",
    "notices:read_all",
    "notices:open",
    "records:copy",
    "records:batch",
    "claims:answer",
)
READING = {"everyone", "public", "read_cases", "read_settlements", "read_changes", "read_customers", "read_tables"}


def addresses(resolver: URLResolver) -> list[tuple[str, str]]:
    return [(name, route) for name, route, _view in views(resolver)]


def views(resolver: URLResolver, names: tuple[str, ...] = (), route: str = "") -> list[tuple[str, str, Any]]:
    """Name, route and page of every address."""
    found = []
    for pattern in resolver.url_patterns:
        full = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += views(pattern, (*names, *([pattern.namespace] if pattern.namespace else [])), full)
        elif isinstance(pattern, URLPattern) and not full.startswith(OUTSIDE):
            page = getattr(pattern.callback, "view_class", pattern.callback)
            found.append((":".join((*names, str(pattern.name))), full, page))
    return found


def examples(world: World) -> dict[str, dict[str, Any]]:
    """What stands in the addresses, by the part before the first colon or by the whole name."""
    house, pool = world.house, world.pool
    return {
        "ui": {"source": "customers", "pk": 1}, "policy": {"key": "claims.manager_max", "clause": "CC-W1.1", "post": "cc"},
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


def test_who_may_send_what_readers_are_shown(db):
    with clock.at(MONDAY), quiet():
        world = World()
        browsers, known = clients(world), examples(world)
        routes = dict(addresses(get_resolver()))
        outcomes = {
            f"{name}: {routes[name]}": {
                person: sent(browsers[person], filled(name, routes[name], known), body) for person in EVERYBODY
            }
            for name, body in SENT.items()
        }
    assert not who(outcomes, "sign-in", [ANONYMOUS])
    compare(SENT_TABLE, render(outcomes))


def test_every_form_asks_for_more_than_a_reader_or_is_in_the_table():
    open_forms = {
        name
        for name, _route, view in views(get_resolver())
        if hasattr(view, "post") and view.permission.__name__ in READING
    }
    assert open_forms - set(OWN) == set(SENT)


def sent(browser: Any, address: str, body: dict[str, Any]) -> str:
    """What a filled form comes to: done, or refused in words."""
    answer = undone(lambda: browser.post(address, body))
    return "refused" if answer.status_code == 422 else outcome(answer)


def ask(browser: Any, address: str) -> str:
    """Opening the page; where there is nothing to open, sending an empty form."""
    answer = undone(lambda: browser.get(address))
    if answer.status_code == 403:
        assert UNSAID not in answer.content.decode(), f"{address} says no without a reason"
    return outcome(answer if answer.status_code != 405 else undone(lambda: browser.post(address)))
