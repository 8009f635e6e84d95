"""The chart of the demo company, written in bulk so that a large one takes seconds."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.db import transaction

from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.organisation import calendar
from zhangfa.organisation.actions.seats import install_posts
from zhangfa.organisation.actor import system_actor
from zhangfa.organisation.demo import names
from zhangfa.organisation.models import Absence, Charge, Company, Holding, Person, Seat, Unit, UnitPlacement, User

PASSWORD = "zhangfa-demo"  # noqa: S105 printed at the start of every demo
ACCOUNTS = (
    "gm",
    "dgm",
    "am",
    "hr",
    "fin",
    "mk",
    "cs",
    "cc",
    "cm",
    "ops",
    "op",
    "net",
    "hs",
    "ls",
    "sup",
    "oa",
    "sl",
    "sw",
)
K = Unit.Kind


@dataclass(frozen=True)
class Scale:
    """How many of what; the numbers of staff are per company, that of sup per region."""

    # Outlets and sites of each region, which stands for a city.
    places: tuple[tuple[int, int], ...]
    outlet_staff: int
    outlet_workers: int
    site_workers: int
    deputies: int = 2
    hr: int = 3
    fin: int = 2
    mk: int = 2
    cc: int = 3
    cm: int = 4
    ops: int = 2
    op: int = 13
    net: int = 4
    sup: int = 4


SCALES = {
    "small": Scale(((4, 3), (2, 1)), 2, 16, 6),
    "medium": Scale(((14, 16), (6, 6)), 2, 27, 17, hr=3, fin=5, mk=5, cc=3, cm=6, ops=2, op=16, net=3),
    "large": Scale(
        ((15, 17),) * 40, 2, 50, 17, deputies=6, hr=120, fin=110, mk=90, cc=160, cm=260, ops=45, op=520, net=60, sup=7
    ),
}


@dataclass
class Built:
    """What was made: the accounts by post with their persons, and how much there is."""

    company: Company
    accounts: dict[str, Person]
    outlets: list[Unit]
    staff: int = 0
    workers: int = 0


@dataclass
class _Draft:
    """Seats and the people for them, gathered before they are written."""

    rng: random.Random
    today: dt.date
    units: dict[str, Unit] = field(default_factory=dict)
    seats: list[Seat] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)

    def unit(self, kind: str, code: str, name: str, name_en: str, parent: Unit | None) -> Unit:
        unit = Unit(kind=kind, code=code, name=name, name_en=name_en, parent=parent)
        unit.place()
        unit.save()
        if kind in (K.DEPARTMENT, K.REGION):
            unit.place()
            unit.save(update_fields=["department", "region"])
        self.units[code] = unit
        return unit

    def seat(self, post: str, unit: Unit, above: Seat | None, *, holders: int = 1) -> Seat:
        """A seat whose superior is already written; its holders are invented."""
        seat = Seat.objects.create(post_id=post, unit=unit, reports_to=above)
        self.seats.append(seat)
        for _n in range(holders):
            self.person(seat)
        return seat

    def person(self, seat: Seat, *, from_on: dt.date | None = None, to_on: dt.date | None = None) -> Person:
        worker = seat.post_id == "sw"
        rng, n = self.rng, len(self.people) + 1
        name = names.person(rng, 0.93 if worker else 0.68)
        joined = from_on or self.today - dt.timedelta(days=400 + int(rng.expovariate(1 / 700)))
        person = Person(
            no=f"{'F' if worker else 'Z'}{n:05d}", name=name, name_en=names.english(name), phone=names.phone(n),
            kind=Person.Kind.WORKER if worker else Person.Kind.STAFF, joined_on=joined, left_on=to_on,
        )  # fmt: skip
        person.prepare()
        self.people.append(person)
        self.holdings.append(Holding(person=person, seat=seat, from_on=joined, to_on=to_on))
        return person

    def first(self, post: str) -> Person:
        return next(
            holding.person for holding in self.holdings if holding.seat.post_id == post and holding.to_on is None
        )


def build(seed: int, scale: str, at: dt.datetime, password: str = PASSWORD) -> Built:
    """Write the demo company as it stands at `at`: units, seats, holdings, charges, an absence, and one login per post."""
    shape = SCALES[scale]
    with transaction.atomic():
        install_posts()
        calendar.seed(range(2020, clock.local_date(at).year + 2), at=at)
        draft = _Draft(random.Random(f"{seed}:organisation"), clock.local_date(at))
        _head_office(draft, shape)
        for n in range(len(shape.places)):
            _region(draft, shape, n)
        Person.objects.bulk_create(draft.people, batch_size=500)
        Holding.objects.bulk_create(draft.holdings, batch_size=500)
        _placements(draft)
        accounts = {post: draft.first(post) for post in ACCOUNTS}
        _absence(draft, at)
        _logins(accounts, draft, password)
        company = Company.objects.create(
            name="禾砚屿家庭服务有限公司",
            name_en="Heyanyu Home Services Co., Ltd.",
            is_demo=True,
        )
        announce(
            "organisation.company.founded", company, by=system_actor("demo", at), at=at, label=_("建立公司"),
            codes={"seed": seed, "scale": scale, "people": len(draft.people), "seats": len(draft.seats)}, clause="X-5",
        )  # fmt: skip
    workers = sum(person.kind == Person.Kind.WORKER for person in draft.people)
    outlets = [unit for unit in draft.units.values() if unit.kind == K.OUTLET]
    return Built(company, accounts, outlets, len(draft.people) - workers - 1, workers)


def _head_office(draft: _Draft, shape: Scale) -> None:
    root = draft.unit(K.COMPANY, "HQ", "公司总部", "Head office", None)
    am = draft.unit(K.DEPARTMENT, "AM", "行政部", "Administration", root)
    fin = draft.unit(K.DEPARTMENT, "FIN", "财务部", "Finance", root)
    mk = draft.unit(K.DEPARTMENT, "MK", "营销部", "Marketing", root)
    cs = draft.unit(K.DEPARTMENT, "CS", "客服中心", "Customer service centre", root)
    net = draft.unit(K.DEPARTMENT, "NET", "网络组", "Data team", root)
    gm = draft.seat("gm", root, None)
    deputies = [draft.seat("dgm", root, gm) for _n in range(shape.deputies)]
    service, support = deputies[0], deputies[1 % len(deputies)]
    manager = draft.seat("am", am, gm)
    for _n in range(shape.hr):
        draft.seat("hr", am, manager)
    for _n in range(shape.fin):
        draft.seat("fin", fin, support)
    for _n in range(shape.mk):
        draft.seat("mk", mk, support)
    centre = draft.seat("cs", cs, service)
    for post, count in (("cc", shape.cc), ("cm", shape.cm)):
        for _n in range(count):
            draft.seat(post, cs, centre)
    calls = [draft.seat("ops", cs, centre) for _n in range(shape.ops)]
    for n in range(shape.op):
        draft.seat("op", cs, calls[n % len(calls)])
    # One seat stands empty, so that the page of problems has something to show.
    draft.seat("op", cs, calls[0], holders=0)
    for _n in range(shape.net):
        draft.seat("net", net, centre)
    day = draft.today - dt.timedelta(days=800)
    for unit, seat in ((cs, service), (net, service), (fin, support), (mk, support)):
        Charge.objects.create(seat=seat, unit=unit, from_on=day)


def _region(draft: _Draft, shape: Scale, n: int) -> None:
    """One city: its two centres with their heads, supervisors, outlets and sites. The first bears the plain codes and names."""
    outlets, sites = shape.places[n]
    is_first, is_named = n == 0, len(shape.places) <= len(names.REGIONS)
    suffix = "" if is_first else f"{n + 1:02d}"
    name, name_en = names.REGIONS[n % len(names.REGIONS)]
    before = "" if is_first else name.removesuffix("区域") if is_named else suffix
    before_en = "" if is_first else name_en.removesuffix(" region") if is_named else suffix
    number = "" if is_named else f"{n + 1:02d}"
    root = draft.units["HQ"]
    service = [seat for seat in draft.seats if seat.post_id == "dgm"][n * shape.deputies // len(shape.places)]
    region = draft.unit(K.REGION, f"R{n + 1:02d}", name + number, f"{name_en} {number}".strip(), root)
    home = draft.unit(
        K.DEPARTMENT, f"HS{suffix}", f"{before}家庭服务中心", f"{before_en} home service centre".strip().capitalize(), region
    )  # fmt: skip
    facility = draft.unit(
        K.DEPARTMENT, f"LS{suffix}", f"{before}后勤服务中心", f"{before_en} facility service centre".strip().capitalize(), region
    )  # fmt: skip
    heads = draft.seat("hs", home, service), draft.seat("ls", facility, service)
    below = max(min(shape.sup - 1, outlets), 1)
    supervisors = [draft.seat("sup", home, heads[0]) for _n in range(below)]
    if shape.sup > 1:
        draft.seat("sup", facility, heads[1])
    # Few regions share the invented names; of many each counts its own.
    start = [sum(part) for part in zip(*shape.places[:n], strict=True)] if is_named and n else [0, 0]
    for k in range(outlets):
        shown, shown_en = _placed(names.OUTLETS, start[0] + k, number)
        outlet = draft.unit(K.OUTLET, f"W{suffix}{k + 1:02d}", shown, shown_en, home)
        is_passed_on = is_first and k == 0
        manager = draft.seat("oa", outlet, supervisors[k * below // outlets], holders=0 if is_passed_on else 1)
        if is_passed_on:
            # Somebody held the first outlet before: a former holder who may see nothing any more.
            left = draft.today - dt.timedelta(days=300)
            draft.person(manager, from_on=left - dt.timedelta(days=700), to_on=left)
            draft.person(manager, from_on=left + dt.timedelta(days=1))
        for _n in range(shape.outlet_staff - 1):
            draft.seat("oa", outlet, manager.reports_to)
        draft.seat("sw", outlet, manager, holders=shape.outlet_workers)
    for k in range(sites):
        shown, shown_en = _placed(names.SITES, start[1] + k, number)
        site = draft.unit(K.SITE, f"S{suffix}{k + 1:02d}", shown, shown_en, facility)
        draft.seat("sw", site, draft.seat("sl", site, heads[1]), holders=shape.site_workers)
    for unit in (home, facility):
        Charge.objects.create(seat=service, unit=unit, from_on=draft.today - dt.timedelta(days=800))


def _placed(pool: list[tuple[str, str]], k: int, suffix: str) -> tuple[str, str]:
    name, name_en = pool[k % len(pool)]
    turn = (f"{k // len(pool) + 1}" if k >= len(pool) else "") + (f"-{suffix}" if suffix else "")
    return name + turn, f"{name_en} {turn}".strip()


def _placements(draft: _Draft) -> None:
    day = draft.today - dt.timedelta(days=1200)
    rows = [UnitPlacement(unit=unit, parent_id=unit.parent_id, from_on=day) for unit in draft.units.values()]
    UnitPlacement.objects.bulk_create(rows, batch_size=500)


def _absence(draft: _Draft, at: dt.datetime) -> None:
    """One specialist of HR is away these days and a colleague stands in."""
    away, colleague = [holding.person for holding in draft.holdings if holding.seat.post_id == "hr"][1:3]
    Absence.objects.create(
        person=away,
        delegate=colleague,
        from_at=at - dt.timedelta(days=1),
        to_at=at + dt.timedelta(days=4),
        reason="年休假",
    )


def _logins(accounts: dict[str, Person], draft: _Draft, password: str) -> None:
    """One login per post, a second one where the flow needs another person, and the technical administrator."""
    secret = make_password(password)
    rows = [User(username=post, person=person, password=secret) for post, person in accounts.items()]
    for post in ("dgm", "cc", "fin", "op", "oa", "sw", "cm", "hr", "hs", "ls", "sup"):
        held = [holding.person for holding in draft.holdings if holding.seat.post_id == post and holding.to_on is None]
        # Every specialist has one: a case goes to whichever has the fewest open.
        others = held[1:] if post == "cc" else held[1:2]
        rows += [User(username=f"{post}{n}", person=person, password=secret) for n, person in enumerate(others[:9], 2)]
    rows.append(User(username="admin", password=secret, is_technical=True))
    User.objects.bulk_create(rows)
