"""Invented work on the archive's last days: entries on their way, hand-ins, a merged file, consents, requests (domain.md 5.5)."""

from __future__ import annotations

import datetime as dt
import io
import random
from typing import Any

from PIL import Image

from zhangfa.core import clock
from zhangfa.customers import actions, entries
from zhangfa.customers.models import ArchiveEntry, Customer
from zhangfa.customers.registry import served
from zhangfa.organisation.actor import Actor, actor_for_person
from zhangfa.organisation.models import Holding, Person, Seat, Unit
from zhangfa.records.actions import store

DAYS, PER_OUTLET = 4, 3
OBSERVED = (
    "老人下个月回老家，周三的服务停一次", "孩子开始上小学，希望改到下午三点以后", "阳台新装了晾衣架，擦窗时请小心", "夸奖小师傅仔细，想固定同一个人",
    "厨房油烟机声音大，问有没有清洗服务", "家里新养了一只猫，进门请先关好阳台门",
)  # fmt: skip
ANSWERS: dict[str, tuple[str, ...]] = {
    "source": ("referral", "walk_in", "phone", "online"), "household_count": ("2", "3", "4", "5"), "pets": ("#none", "一只猫", "一只小狗"),
    "area_m2": ("68", "89", "105", "143"), "layout": ("两室一厅", "三室两厅", "复式"), "floor": ("3", "6", "11", "18"), "has_lift": ("yes", "no"),
    "access_note": ("按门铃，请先打电话", "门卫处登记"), "fragile_notes": ("客厅有钢琴", "书房摆件请不要移动", "#none"),
    "preferences": ("不用含氯的清洁剂", "怕吵，请少用吸尘器", "进门请换鞋套"), "time_slots": ("工作日上午", "周末全天", "周二、周四下午"),
    "pay_mode": ("mobile", "cash", "card"),
}  # fmt: skip
COMPANY = {
    "legal_name": "#pending",
    "uscc": "#pending",
    "industry": "#pending",
    "staff_count": "40",
    "settle_mode": "monthly",
    "credit_days": "30",
}
FACTS = "服务结束后客户当着邻居的面大声辱骂服务员，持续约十分钟，有现场录音。"


def build(seed: int, scale: str, at: dt.datetime) -> int:
    """The archive's work of the last days, by the people whose work it is; returns how many entries."""
    rng = random.Random(f"{seed}:archive")
    today = clock.local_date(at)
    for back in range(DAYS, -1, -1):
        day = today - dt.timedelta(days=back)
        evening = min(at, clock.day_start(day) + dt.timedelta(hours=18))
        for outlet in Unit.objects.filter(kind=Unit.Kind.OUTLET).order_by("pk"):
            _write(rng, outlet, day, evening, limit=PER_OUTLET if back else 1)
        if back == 1:
            _hand_in(evening)
    _work_off(at)
    _beside(rng, at)
    return ArchiveEntry.objects.count()


def _actor(post: str, at: dt.datetime, unit: Unit | None = None) -> Actor | None:
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__post_id=post, seat__is_active=True)
    row = (held.filter(seat__unit=unit) if unit else held).select_related("person").order_by("pk").first()
    return actor_for_person(row.person, at) if row else None


def _write(rng: random.Random, outlet: Unit, day: dt.date, at: dt.datetime, *, limit: int) -> None:
    by = _actor("oa", at, outlet)
    customers = Customer.objects.filter(pk__in=served([outlet.pk], day), outlet=outlet, entries=None).order_by("pk")
    for n, customer in enumerate(customers[:limit]):
        learnt = {"observation": rng.choice(OBSERVED)}
        if customer.kind == Customer.Kind.HOUSEHOLD and n != 1:
            learnt |= {name: rng.choice(choices) for name, choices in ANSWERS.items()}
        if by is not None:
            actions.write_entry(customer, served_on=day, by=by, at=at, **learnt)


def _hand_in(at: dt.datetime) -> None:
    """Every centre hands in what it has; that of each household centre is looked through."""
    cs = _actor("cs", at)
    for seat in Seat.objects.filter(post_id__in=("hs", "ls"), is_active=True).order_by("pk"):
        by = _actor(seat.post_id, at, seat.unit)
        if by is None:
            continue
        batch = actions.hand_in(note="本期没有完成的服务" if seat.post_id == "ls" else "", by=by, at=at)
        if seat.post_id == "hs" and cs:
            actions.check(batch, by=cs, at=at, opinion="已核对各网点名单，齐全。")


def _work_off(at: dt.datetime) -> None:
    """Operators and the data team have worked off most of it; one entry in six differs."""
    op, net = _actor("op", at), _actor("net", at)
    waiting = ArchiveEntry.objects.filter(status=ArchiveEntry.Status.HANDED_IN).order_by("pk")
    for n, entry in enumerate(list(waiting)):
        if op is None or net is None or n % 4 == 3:
            continue
        entry = actions.key_in(entry, by=op, at=at)
        fields = list(entries.learnt_of(entry))
        if len(fields) > 1 and n % 6 == 1:
            actions.send_back(entry, by=net, at=at, differences={"household_count": "电话核对：客户说家里常住人口不同"})
        elif len(fields) > 1 and n % 3 == 0:
            actions.verify(entry, by=net, at=at, checked=fields)


def _beside(rng: random.Random, at: dt.datetime) -> None:
    op, cc, cs = (_actor(post, at) for post in ("op", "cc", "cs"))
    homes = list(Customer.objects.filter(kind=Customer.Kind.HOUSEHOLD, entries__isnull=False).order_by("pk")[:8])
    firms = list(Customer.objects.exclude(kind=Customer.Kind.HOUSEHOLD).order_by("pk")[:3])
    if op is None or cc is None or cs is None or len(homes) < 8:
        return
    facts: dict[str, Any] = {"by": op, "at": at}
    for customer in homes[:4]:
        actions.record_consent(
            customer,
            purpose="care",
            channel="phone",
            is_granted=True,
            notice_version="2026-01",
            evidence="签字的隐私告知书",
            **facts,
        )
    actions.add_contact(homes[0], name="王阿姨", title="母亲", role="family", phone="15410009001", **facts)
    actions.add_place(homes[0], label="父母家", compound="枫屿里", door="5 幢 101", access_note="钥匙在门卫", **facts)
    people = list(Person.objects.filter(kind=Person.Kind.WORKER, left_on=None).order_by("pk")[:2])
    for worker, kind, reason in zip(people, ("preferred", "blocked"), ("", "打碎过花瓶，客户要求换人"), strict=False):
        actions.add_wish(homes[0], worker=worker, kind=kind, reason=reason, **facts)
    for n, firm in enumerate(firms):
        actions.add_contact(
            firm, name=firm.contact or "联系人", title="行政主管", role="manager", phone=f"1541000910{n}", **facts
        )
        actions.save_profile(firm, is_finished=False, has_contract=True, **COMPANY, **facts)
    actions.merge(homes[5], merged=homes[6], reason="电话核对：同一住户留了两个号码", **facts)
    actions.take_request(
        homes[1], kind="access", identity="用登记的手机回拨核对", wish="想知道公司存了哪些信息", **facts
    )
    _forget((homes[2], homes[7]), op=op, cs=cs, at=at)
    row = actions.note_conduct(homes[3], kind="abusive", occurred_on=clock.local_date(at), facts=FACTS, by=cc, at=at)
    picture = io.BytesIO()
    Image.new("RGB", (320, 240), (rng.randint(120, 200), 160, 170)).save(picture, "PNG")
    store(row.record, kind="evidence", upload=picture.getvalue(), name="现场.png", by=cc, at=at)
    actions.confirm(row, by=cs, at=at, ground="听过录音，与服务员说法一致")
    actions.note_conduct(
        homes[4],
        kind="underpaid",
        occurred_on=clock.local_date(at),
        facts="结账时拒付加时费用 40 元，称没有同意，订单上有客户签字。",
        **facts,
    )


def _forget(homes: tuple[Customer, ...], *, op: Actor, cs: Actor, at: dt.datetime) -> None:
    """A deletion carried out for the first of whom nothing stands in the way; who still expects a service keeps an open request."""
    for home in homes:
        request = actions.take_request(home, kind="deletion", identity="本人到店出示身份证", by=op, at=at)
        if not list(actions.erase.guard(request, by=cs, at=at)):
            actions.erase(request, by=cs, at=at)
            return
