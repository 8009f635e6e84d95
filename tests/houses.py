"""A small company for tests: every post held once, two outlets, one household with an order."""

import datetime as dt
from decimal import Decimal
from typing import Any

from zhangfa.claims import actions
from zhangfa.core import clock
from zhangfa.customers.models import Customer
from zhangfa.orders.models import Order, Price, Product
from zhangfa.organisation.actor import Actor, actor_for_person
from zhangfa.organisation.models import Charge, Company, Holding, Person, Post, Seat, Unit, User
from zhangfa.organisation.posts import POSTS
from zhangfa.policy.actions import install_preset, renew
from zhangfa.policy.models import PolicyValue
from zhangfa.policy.rules import SECOND_DECIDER_KEY
from zhangfa.records.models import Attachment

START = dt.date(2026, 1, 1)
MONDAY = dt.datetime(2026, 3, 2, 10, 0, tzinfo=clock.TZ)
PASSWORD = "rice-field-42"
# seat: (post, unit, reports to)
SEATS = {
    "gm": ("gm", "company", None), "dgm": ("dgm", "company", "gm"), "am": ("am", "admin", "gm"), "fin": ("fin", "finance", "gm"),
    "fin2": ("fin", "finance", "gm"), "mk": ("mk", "marketing", "gm"), "cs": ("cs", "service", "dgm"), "hs": ("hs", "home", "dgm"),
    "ls": ("ls", "facility", "dgm"), "hr": ("hr", "admin", "am"), "cc": ("cc", "service", "cs"), "cc2": ("cc", "service", "cs"),
    "cm": ("cm", "service", "cs"), "ops": ("ops", "service", "cs"), "op": ("op", "service", "ops"), "net": ("net", "service", "cs"),
    "sup": ("sup", "home", "hs"), "oa": ("oa", "east", "sup"), "oa2": ("oa", "west", "sup"), "sl": ("sl", "site", "ls"),
    "sw": ("sw", "east", "oa"), "sw2": ("sw", "west", "oa2"),
}  # fmt: skip
UNITS = {
    "company": ("company", None), "admin": ("department", "company"), "finance": ("department", "company"),
    "marketing": ("department", "company"), "service": ("department", "company"), "home": ("department", "company"),
    "facility": ("department", "company"), "east": ("outlet", "home"), "west": ("outlet", "home"), "site": ("site", "facility"),
}  # fmt: skip


class House:
    """The company with its people by seat name, and short ways to act."""

    def __init__(self) -> None:
        install_preset("ningbo", at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        self.company = Company.objects.create(name="试验家政")
        for order, kind in enumerate(POSTS.values()):
            Post.objects.get_or_create(
                code=kind.code, defaults={"name": kind.zh, "name_en": kind.en, "grade": kind.grade, "order": order}
            )
        self.units: dict[str, Unit] = {}
        for code, (kind, parent) in UNITS.items():
            unit = Unit(code=code, name=f"{code}单位", kind=kind, parent=self.units.get(parent or ""))
            unit.save()
            unit.place()
            unit.save()
            self.units[code] = unit
        self.seats: dict[str, Seat] = {}
        self.people: dict[str, Person] = {}
        for number, (name, (post, unit, above)) in enumerate(SEATS.items()):
            seat = Seat.objects.create(post_id=post, unit=self.units[unit], reports_to=self.seats.get(above or ""))
            person = Person(
                no=f"T{number:03}",
                name=f"人{name}",
                kind="worker" if post == "sw" else "staff",
                phone=f"1540000{number:04}",
            )
            person.prepare()
            person.save()
            Holding.objects.create(person=person, seat=seat, from_on=START)
            self.seats[name], self.people[name] = seat, person
        for unit in ("service", "home", "facility"):
            Charge.objects.create(seat=self.seats["dgm"], unit=self.units[unit], from_on=START)
        self.customer = self.make_customer("林知夏")
        self.product = Product.objects.create(code="DC01", name="深度保洁", category="cleaning", unit="m²")
        self.price = Price(
            product=self.product, unit_price=Decimal(9), minimum_amount=Decimal(400), from_on=START, reason="开业定价", made_at=MONDAY
        )  # fmt: skip
        self.price.prepare()
        self.price.save()
        self.order = self.make_order(self.customer)

    def name_second_decider(self, who: str) -> None:
        """As if the GM had approved it long ago."""
        PolicyValue.objects.filter(key=SECOND_DECIDER_KEY).update(value=str(self.people[who].pk))
        renew(MONDAY)

    def make_customer(self, name: str, outlet: str = "east") -> Customer:
        customer = Customer(
            no=f"C{Customer.objects.count():05}", name=name, phone="15400009999", compound="听松苑", address="3 幢 402", outlet=self.units[outlet],
            joined_on=START,
        )  # fmt: skip
        customer.prepare()
        customer.save()
        return customer

    def make_order(self, customer: Customer, worker: str = "sw") -> Order:
        return Order.objects.create(
            number=f"D{Order.objects.count():05}", customer=customer, outlet=customer.outlet, department=customer.outlet.department,
            product=self.product, worker=self.people[worker], served_from=MONDAY - dt.timedelta(hours=3), served_to=MONDAY,
            amount=Decimal(900), quantity=Decimal(100), status="finished",
        )  # fmt: skip

    def user(self, name: str) -> User:
        found = User.objects.filter(username=name).first()
        return found or User.objects.create_user(name, password=PASSWORD, person=self.people[name])

    def actor(self, name: str, at: dt.datetime = MONDAY) -> Actor:
        return actor_for_person(self.people[name], at)

    def report(self, estimate: str = "1800", by: str = "op", at: dt.datetime = MONDAY, **more: Any) -> Any:
        facts: dict[str, Any] = {
            "unit": self.units["east"], "source": "operator", "reporter": "林女士", "occurred_at": at - dt.timedelta(hours=1), "place": "厨房",
            "guarantee": "property", "summary": "清洁时台面开裂", "estimate": Decimal(estimate), "order": self.order,
        }  # fmt: skip
        return actions.report(by=self.actor(by, at), at=at, **(facts | more))

    def photo(self, case: Any, kind: str = "scene") -> Attachment:
        """An attachment row as the store leaves it, without the file."""
        return Attachment.objects.create(
            record_id=case.pk,
            kind=kind,
            name=f"{kind}.jpg",
            content_type="image/jpeg",
            size=10,
            sha256="0" * 64,
            created_at=MONDAY,
        )

    def handler_of(self, case: Any) -> str:
        return next(name for name, person in self.people.items() if person.pk == case.handler_id)

    def to_assessed(self, case: Any, price: str = "1800", at: dt.datetime = MONDAY, until: str = "assessed") -> Any:
        """Carry a case from its alert to the assessment, all shares with the company, or to a status before it."""
        name = self.handler_of(case)
        by = self.actor(name, at)
        if case.status == "alerted":
            case = actions.acknowledge(case, by=by, at=at)
        if case.status == until:
            return case
        self.photo(case)
        self.photo(case, "object")
        case = actions.arrive(case, by=by, at=at, place="客户家门口")
        case = actions.add_item(
            case,
            by=by,
            at=at,
            name="石英石台面",
            brand_model="无",
            count=1,
            damaged_part="边角",
            level="total",
            location="厨房",
            rough_value=Decimal(price),
        )
        if case.status == until:
            return case
        case = actions.finish_survey(
            case, by=by, at=at, promised_days=3, narrative="服务员擦洗吊柜时工具滑落，砸在台面边缘，造成一处明显开裂，无法修补，需要整块更换。",
            worker_statement="手滑", customer_statement="要求更换", cause="operation", judgement="服务造成，无法修复", remedies=["replace"],
            archive_note="无",
        )  # fmt: skip
        if case.status == until:
            return case
        case = actions.register(case, by=by, at=at, insurer_note="未投保该险种")
        if case.status == until:
            return case
        item = case.items.get()
        for seller in ("建材城甲店", "建材城乙店"):
            case = actions.add_price(
                case, by=by, at=at, item=item.pk, source="shop", seller=seller, model="同款", price=Decimal(price)
            )
        case = actions.value_item(
            case, by=by, at=at, item=item.pk, market_price=Decimal(price), depreciation_pct=Decimal(0)
        )
        return actions.assess(
            case, by=by, at=at, company_pct=Decimal(100), worker_pct=Decimal(0), customer_pct=Decimal(0), third_party_pct=Decimal(0),
            liability_basis="服务员操作不当", exclusions=[{"code": code, "answer": "no"} for code in actions_exclusions()],
        )  # fmt: skip

    def propose(self, case: Any, amount: str, at: dt.datetime = MONDAY, **more: Any) -> Any:
        """Hand in a settlement and return it."""
        by = self.actor(self.handler_of(case), at)
        facts: dict[str, Any] = {"methods": ["cash"], "cash_amount": Decimal(amount), "in_kind_amount": Decimal(0)}
        actions.propose(case, by=by, at=at, **(facts | more))
        return case.settlements.order_by("-seq").first()


def actions_exclusions() -> list[str]:
    from zhangfa.claims.actions.assess import EXCLUSIONS

    return list(EXCLUSIONS)
