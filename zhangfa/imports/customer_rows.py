"""Rows of a customer list as files of the archive: judged, written, taken back (CS-W2.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from zhangfa.core import clock
from zhangfa.customers.actions import bulk
from zhangfa.customers.models import Consent, Customer
from zhangfa.imports import answers, lookups, origins
from zhangfa.imports.cells import phones_of
from zhangfa.imports.drafts import blame, key_of
from zhangfa.imports.target import Draft, Made, Setting

LABEL = "customers.customer"
# The street ends where the number of the building begins.
DOOR = re.compile(
    r"^(?P<street>\D{2,}?)\s*(?P<door>[0-90-9a-zA-Z一二三四五六七八九十]+\s*[#号栋幢弄座单楼\-－].*|\d.*)$"
)
TWO_NUMBERS = 15
AT_FIELDS = {"outlet": "outlet", "phone": "phone"}


def judge(drafts: Sequence[Draft], setting: Setting) -> None:
    """Whom each row is about already, and what the archive's own rules say to it."""
    names = lookups.outlets(setting)
    phones = {draft.values["phone"] for draft in drafts if draft.values.get("phone")}
    known = bulk.known_numbers(phones)
    earlier = origins.objects_of(LABEL, {draft.values["ref"] for draft in drafts if draft.values.get("ref")}, Customer)
    for draft in drafts:
        values = draft.values
        values["outlet"] = lookups.find(draft, "outlet", names, code="outlet")
        values["kind"] = values["kind"] or _kind_of(values["name"] or "")
        if values["address"] and not values["compound"]:
            values["compound"], values["address"] = split_address(values["address"])
        cell = draft.cells.get("phone", "")
        if len(cell) >= TWO_NUMBERS and not values["alt_phone"] and len(both := phones_of(cell)) > 1:
            # The second of a cell is kept, too.
            values["alt_phone"] = both[1]
        answers.judge(draft, values["kind"])
        phone, is_household = values["phone"], values["kind"] == Customer.Kind.HOUSEHOLD
        number = values["__number"] = known.keys.get(phone, "")
        draft.key = f"p{number}" if number and is_household else key_of("ref", values["ref"]) if values["ref"] else ""
        same = [row for row in known.own.get(number, ()) if row.kind == values["kind"]]
        draft.known = earlier.get(values["ref"]) or (
            same[0] if same and (is_household or same[0].name == values["name"]) else None
        )
        if draft.known is not None:
            draft.known_label = f"{draft.known.no}"
        if draft.choice == "new" or (draft.known is None and not draft.issues):
            _ask(draft, known, setting)


def _ask(draft: Draft, known: bulk.Known, setting: Setting) -> None:
    if draft.values["outlet"] is not None:
        found = bulk.refuse_taken(
            outlet_id=draft.values["outlet"].pk,
            kind=draft.values["kind"],
            number=draft.values["__number"],
            known=known,
            by=setting.by,
        )
        blame(draft, found, AT_FIELDS)


def _kind_of(name: str) -> str:
    if re.search(r"(公司|集团|银行|酒店|商场|超市|工厂|厂)$", name):
        return Customer.Kind.ENTERPRISE
    return (
        Customer.Kind.INSTITUTION
        if re.search(r"(医院|学校|小学|中学|大学|局|委员会|中心)$", name)
        else Customer.Kind.HOUSEHOLD
    )


def split_address(text: str) -> tuple[str, str]:
    """听松苑3幢402 → 听松苑, 3幢402: the street stays readable, the door is a secret."""
    found = DOOR.match(text.strip())
    return (found["street"].strip()[:60], found["door"].strip()) if found else (text.strip()[:60], "")


def _customer(draft: Draft, setting: Setting) -> Customer:
    v = draft.values
    return Customer(
        kind=v["kind"], name=v["name"] or "", phone=v["phone"] or "", compound=v["compound"] or "", address=v["address"] or "",
        outlet=v["outlet"], contact=v["contact"] or "", note=v["note"] or "", joined_on=v["joined_on"] or clock.local_date(setting.at),
    )  # fmt: skip


def prepare(drafts: Sequence[Draft], setting: Setting) -> None:
    """Everything of a new file that needs no lock: what it is found by, and whom it belongs to."""
    for draft in drafts:
        if draft.choice != "fill":
            draft.values["__file"] = file = _customer(draft, setting)
            file.prepare()


def write(drafts: Sequence[Draft], setting: Setting) -> list[Made]:
    """New files for the new ones; what is empty in the known ones is filled."""
    coming = {draft.key for draft in drafts if draft.choice != "fill"}
    fresh = [d for d in drafts if d.choice != "fill" or (d.known is None and d.key not in coming)]
    written = {draft.n for draft in fresh}
    files = [draft.values.get("__file") or _customer(draft, setting) for draft in fresh]
    rows = bulk.take_over(
        [bulk.Taken(file, _consents(d), _evidence(d, setting), answers.of(d.values)) for d, file in zip(fresh, files, strict=True)],
        paper=setting.batch, notice_version=setting.batch.number, by=setting.by, at=setting.at,
    )  # fmt: skip
    made = [Made(d.n, LABEL, row.pk, d.values["ref"] or "") for d, row in zip(fresh, rows, strict=True)]
    by_key = {d.key: row for d, row in zip(fresh, rows, strict=True) if d.key}
    return [*made, *_fill([draft for draft in drafts if draft.n not in written], by_key, setting)]


def _fill(drafts: Sequence[Draft], fresh: dict[str, Customer], setting: Setting) -> list[Made]:
    changes: dict[Customer, dict[str, Any]] = {}
    made = []
    files = bulk.files_of({draft.known.pk for draft in drafts if draft.known is not None and answers.of(draft.values)})
    for draft in drafts:
        row = draft.known or fresh.get(draft.key)
        if row is None or row.status in (Customer.Status.KEPT, Customer.Status.MERGED, Customer.Status.ERASED):
            continue
        new = {name: draft.values[name] for name in bulk.FILLED if draft.values.get(name) and not getattr(row, name)}
        for name, value in new.items():
            setattr(row, name, value)
        said, file = changes.setdefault(row, {}), files.get(row.pk)
        for name, value in answers.of(draft.values).items():
            if not getattr(file, name, "") and f"{bulk.IN_FILE}{name}" not in said:
                new[f"{bulk.IN_FILE}{name}"] = value
        said.update(new)
        made.append(Made(draft.n, LABEL, row.pk, draft.values["ref"] or "", dict.fromkeys(new, ""), new))
    bulk.fill({row: new for row, new in changes.items() if new}, paper=setting.batch, by=setting.by, at=setting.at)
    return made


def _consents(draft: Draft) -> tuple[tuple[str, str, bool], ...]:
    said = ((Consent.Purpose.CARE, draft.values["care"]), (Consent.Purpose.MARKETING, draft.values["marketing"]))
    return tuple((purpose, Consent.Channel.PHONE, answer) for purpose, answer in said if answer is not None)


def _evidence(draft: Draft, setting: Setting) -> str:
    return f"{setting.batch.number}/{draft.n} {setting.batch.source}"


def remove(results: Sequence[Any], setting: Setting) -> None:
    """Take back: files that were made go, filled fields are emptied again."""
    facts = {"paper": setting.batch, "by": setting.by, "at": setting.at}
    made = [result.key for result in results if result.label == LABEL and not result.is_filled]
    bulk.take_back(made, **facts)
    filled = [result for result in results if result.is_filled]
    rows = Customer.objects.select_for_update().in_bulk([result.key for result in filled])
    before: dict[Customer, dict[str, Any]] = {row: {} for row in rows.values()}
    for result in filled:
        before[rows[result.key]].update(origins.values_of(result.before))
    bulk.put_back(before, **facts)
