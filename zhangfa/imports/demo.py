"""Two lists of the invented company: one written, one checked with a few rows that need a hand."""

from __future__ import annotations

import datetime as dt
import random

from zhangfa.core import clock
from zhangfa.imports import actions
from zhangfa.imports.actions.uploading import keep_file
from zhangfa.imports.models import Import
from zhangfa.organisation.actor import Actor, actor_for_person
from zhangfa.organisation.demo import names
from zhangfa.organisation.models import Holding, Unit

ROWS = 12
FIRST_PHONE = 71_000_000
HEADS = "会员号,姓名,手机号码,服务地址,所属门店,登记日期,是否同意回访"
SOURCE = "2023–2025 年纸质服务合同，合同第 6 条"


def build(seed: int, scale: str, at: dt.datetime) -> int:
    """Bring two small lists in as the manager of customer service would. Returns how many."""
    rng = random.Random(f"{seed}:imports")
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), seat__post_id="cs").select_related("person")
    outlets = list(Unit.objects.filter(kind=Unit.Kind.OUTLET, is_active=True).order_by("pk")[:4])
    holding = held.order_by("pk").first()
    if holding is None or not outlets:
        return 0
    by = actor_for_person(holding.person, at)
    old = _list(rng, FIRST_PHONE, [unit.name for unit in outlets])
    batch = _checked("老客户名单-2023.csv", old, by, at - dt.timedelta(days=20))
    actions.apply(batch, by=by, at=at - dt.timedelta(days=20))
    _work_off(batch, at - dt.timedelta(days=20))
    wrong = _list(rng, FIRST_PHONE + ROWS, [*(unit.name for unit in outlets), "老城门店"])
    _checked(
        "老客户名单-2024.csv",
        [*wrong, "V999,（待核）,号码不详,,老城门店,2024年2月30日,是", "合计,,,,,,"],
        by,
        at - dt.timedelta(hours=3),
    )
    return 2


def _list(rng: random.Random, first: int, outlets: list[str]) -> list[str]:
    """Lines as an outlet keeps them: dates in two shapes, some telephones with blanks."""
    lines = []
    for n in range(ROWS):
        phone, day = names.phone(first + n), f"{rng.randint(2021, 2024)}.{rng.randint(1, 12)}.{rng.randint(1, 28)}"
        shown = f"{phone[:3]} {phone[3:7]} {phone[7:]}" if n % 4 == 0 else phone
        place = f"{rng.choice(names.COMPOUNDS)}{rng.randint(1, 20)}幢{rng.randint(1, 18)}0{rng.randint(1, 4)}"
        lines.append(
            f"V{first + n},{names.person(rng, 0.6)},{shown},{place},{outlets[n % len(outlets)]},{day},{'是' if n % 3 else '否'}"
        )
    return lines


def _checked(name: str, lines: list[str], by: Actor, at: dt.datetime) -> Import:
    data = "\n".join([HEADS, *lines]).encode("gb18030")
    batch = actions.upload(keep_file(data, name=name), target="customers", by=by, at=at)
    sheet = batch.shape["sheets"][0]
    columns = {n: guess[0] for n, guess in sheet["guesses"].items()}
    actions.check(
        batch, columns=columns, constants={}, sheets=[sheet["name"]], on_known="skip", source=SOURCE, by=by, at=at
    )
    _work_off(batch, at)
    return Import.objects.get(pk=batch.pk)


def _work_off(batch: Import, at: dt.datetime) -> None:
    """What the worker would do."""
    while actions.step(batch.pk, at=at):
        continue
