"""What is confidential about a case, searched for on every way out: pages, prints, interface, spreadsheets, search, notices, trail."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.houses import MONDAY
from tests.permissions.tables import clients, compare, unwatched
from tests.worlds import BYSTANDERS, TECHNICAL, World
from zhangfa.claims.models import Case, Settlement, Survey
from zhangfa.core import clock
from zhangfa.organisation.models import Person
from zhangfa.records import prints
from zhangfa.records.actions import comment, send_copies, sign

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("secrets.txt")
WORKER = "蔺责任"
SECRETS = {
    "the responsible worker's name": WORKER,
    "the sum that the customer expects": r"4,?321\.98",
    "the payee's account": r"6222 ?0298 ?7654 ?3210",
    "the caller's telephone": "13900007777",
    "the customer's telephone": "15400009999",
    "the customer's door": "3 幢 402",
    "the third party's name": "邻居甲乙",
    "the third party's telephone": "13755556666",
    "the handler's tie to the customer": "远房表亲",
}
# Who sees the case at all, and some who don't; the page tables hold everybody.
READERS = ("gm", "dgm", "am", "fin", "cs", "hs", "cc", "op", "oa", "oa2", "sw", TECHNICAL, *BYSTANDERS)
AS_FRAGMENT = {"HX-Request": "true"}
PARTS = ("files", "signatures", "copies", "comments", "talks", "survey", "damage", "assessment")


def ways_out(world: World) -> Iterator[tuple[str, str]]:
    """Each address with the way that it stands for."""
    case, settlement = world.settled.case_id, world.settled.pk
    talk = world.pool["talks"][0]
    for page in (
        f"/cases/{case}/",
        f"/settlements/{settlement}/",
        f"/settlements/{world.settlement.pk}/",
        f"/cases/{case}/clocks/",
    ):
        yield "page", page
    for page in (
        "/",
        "/cases/",
        "/settlements/",
        "/inbox/",
        "/duties/",
        "/records/copies/",
        "/records/sign/",
        f"/cases/{case}/do/log_talk/",
    ):
        yield "page", page
    for role in ("handler", "worker", "manager"):
        yield "page", f"/records/{settlement}/sign/{role}/"
        yield "page", f"/records/{settlement}/refusal/{role}/"
    for part in PARTS:
        yield "page", f"/cases/{case}/?part={part}"
        yield "page", f"/settlements/{settlement}/?part={part}"
    yield "page", f"/cases/{case}/history/"
    yield "trail", f"/cases/{case}/?part=trail"
    yield "trail", f"/settlements/{settlement}/?part=trail"
    yield "trail", f"/api/v1/records/{case}/trail"
    yield "trail", f"/api/v1/records/{settlement}/trail"
    for paper in (
        f"/cases/{case}/f10.pdf",
        f"/settlements/{settlement}/f11.pdf",
        f"/cases/{world.assessed.pk}/talks/{talk}/f20.pdf",
    ):
        yield "print", paper
    yield "print", f"/records/{settlement}/print.pdf"
    yield "print", f"/records/{settlement}/page-1.png"
    yield "print", f"/api/v1/records/{settlement}/print"
    for answer in (
        "cases",
        "settlements",
        f"cases/{case}",
        f"settlements/{settlement}",
        f"cases/{case}/talks",
        f"cases/{case}/transitions",
    ):
        yield "interface", f"/api/v1/{answer}"
    for answer in ("record", "attachments", "signatures", "comments"):
        yield "interface", f"/api/v1/records/{settlement}/{answer}".removesuffix("/record")
    for noun in ("cases", "settlements"):
        yield "spreadsheet", f"/{noun}/?export=xlsx&" + "&".join(f"col={name}" for name in ALL_COLUMNS[noun])
    for typed in (WORKER[:-1], "1390000777", "林知夏", world.settled.case.record.number):
        yield "search", f"/search/?q={typed}"
        for source in ("cases", "handlers", "outlets"):
            yield "search", f"/lookup/{source}/?name=x&x-q={typed}"
    yield "notice", "/notices/"
    yield "notice", "/api/v1/notices"


ALL_COLUMNS = {
    "cases": (
        "record-number", "status", "kind", "customer", "unit", "estimate", "handler", "due", "summary", "guarantee", "handled_by",
        "promised_on", "assessed_loss", "satisfaction",
    ),
    "settlements": ("case-record-number", "status", "customer", "unit", "total", "authority", "proposed_by", "claimant"),
}  # fmt: skip


def confide(world: World) -> None:
    """Put every secret into the books, by hands that know it."""
    worker = world.house.people["sw"]
    Person.objects.filter(pk=worker.pk).update(name=WORKER, search_key=f"lin ze ren {WORKER}")
    Case.objects.update(reporter_phone="13900007777", guarantee="third_party")
    Survey.objects.update(
        expected_amount=Decimal("4321.98"), third_party_phone="13755556666", third_party_name="邻居甲乙"
    )
    Settlement.objects.update(payee_account="6222029876543210", tie_note="远房表亲", has_tie=True)
    by, paper = world.house.actor("sw"), world.settled.record
    sign(paper, role="worker", by=by, at=MONDAY, is_verified=True)
    comment(paper, by=by, at=MONDAY, text="我已看过")
    comment(world.settled.case.record, by=by, at=MONDAY, text="我已看过")
    for record in (paper, world.settled.case.record):
        send_copies(record, [worker.pk], by=world.house.actor("cc"), at=MONDAY)


def text_of(answer: Any) -> str:
    data = answer.getvalue() if answer.streaming else answer.content
    if data[:2] == b"PK":
        book = zipfile.ZipFile(io.BytesIO(data))
        data = b"".join(book.read(name) for name in book.namelist())
    return str(data.decode("utf-8", "replace"))


def as_described(form: Any, *, format: str = "pdf", **_options: Any) -> Any:
    """A print as the words that would be set."""
    words = repr(form).encode()
    return words if format == "pdf" else [words]


def test_who_gets_what_is_confidential(db, monkeypatch):
    monkeypatch.setattr(prints, "_compile", as_described)
    found: dict[str, dict[str, set[str]]] = {secret: {} for secret in SECRETS}
    with clock.at(MONDAY), unwatched():
        world = World()
        confide(world)
        browsers = clients(world)
        for way, address in ways_out(world):
            for person in READERS:
                answer = browsers[person].get(address, headers=AS_FRAGMENT if "?part=" in address else {})
                assert answer.status_code in (200, 403, 404), (address, person, answer.status_code)
                text = text_of(answer)
                for secret, pattern in SECRETS.items():
                    if re.search(pattern, text):
                        found[secret].setdefault(way, set()).add(person)
    compare(TABLE, render(found))


def render(found: dict[str, dict[str, set[str]]]) -> str:
    """One block per secret: by which way it reaches whom."""
    blocks = []
    for secret, ways in found.items():
        lines = [f"  {way:<12} {' '.join(p for p in READERS if p in people)}" for way, people in ways.items()]
        blocks.append("\n".join([secret, *lines]))
    return "\n".join(blocks) + "\n"
