"""Names in cells as rows of the house: outlets, products, people, posts; read once for many rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q

from zhangfa.core import crypto
from zhangfa.imports.headers import bare
from zhangfa.imports.target import Draft, Setting
from zhangfa.orders.models import Product
from zhangfa.organisation.models import Person, Post, Unit

ENDINGS = ("网点", "门店", "网店", "服务站", "驻点", "店", "站")
SERVING = (Unit.Kind.OUTLET, Unit.Kind.SITE)


def _short(name: str) -> str:
    """An outlet's name without the word that says what it is: 城东店 and 城东网点 are one."""
    text = bare(name)
    for ending in ENDINGS:
        if text.endswith(ending) and len(text) > len(ending):
            return text.removesuffix(ending)
    return text


# What staff lists call a post beside its own name; a post of the company's that is called so comes first.
CALLED: dict[str, tuple[str, ...]] = {
    "dgm": ("副总经理", "分管经理", "主管副总经理", "副总"), "am": ("行政经理",), "fin": ("财务经理",), "mk": ("营销经理", "市场部经理"), "cs": ("客服经理",),
    "hr": ("人事专员", "行政专员", "人事"), "cc": ("投诉专员", "客户维护专员"), "oa": ("网店管理员", "店长", "门店店长", "网点负责人"),
    "sl": ("驻点主管", "项目主管"), "op": ("接线员", "客服专员"), "net": ("网络员", "数据员"),
    "sw": ("阿姨", "保洁员", "家政员", "家政服务员", "服务人员", "师傅", "钟点工", "保姆", "月嫂"),
}  # fmt: skip


class Names:
    """Rows by every name they go by; a name of two is nobody's."""

    def __init__(self) -> None:
        self._exact: dict[str, Any] = {}
        self._loose: dict[str, Any] = {}

    def add(self, row: Any, exact: Collection[str], loose: Collection[str] = ()) -> None:
        for names, found in ((exact, self._exact), (loose, self._loose)):
            for name in names:
                if name:
                    found[name] = row if found.get(name, row) == row else None

    def get(self, name: str) -> tuple[Any, bool]:
        """The row of a name, and whether the name stands for several."""
        for found, key in ((self._exact, bare(name)), (self._loose, _short(name))):
            if key in found:
                return found[key], found[key] is None
        return None, False


def outlets(setting: Setting) -> Names:
    """Outlets and sites in use, by name, English name and code."""

    def make() -> Names:
        names = Names()
        for unit in Unit.objects.filter(kind__in=SERVING, is_active=True).order_by("pk"):
            names.add(unit, {bare(unit.name), bare(unit.name_en), bare(unit.code)}, {_short(unit.name)})
        return names

    return _once(setting, "outlets", make)


def places(setting: Setting) -> dict[int, Unit]:
    """Every outlet and site by its key, also those that were closed since."""
    return _once(setting, "places", lambda: {unit.pk: unit for unit in Unit.objects.filter(kind__in=SERVING)})  # type: ignore[no-any-return]


def products(setting: Setting) -> Names:
    def make() -> Names:
        names = Names()
        for row in Product.objects.order_by("pk"):
            names.add(row, {bare(row.name), bare(row.name_en), bare(row.code)})
        return names

    return _once(setting, "products", make)


def posts(setting: Setting) -> Names:
    def make() -> Names:
        names = Names()
        for row in Post.objects.order_by("order"):
            called = {bare(word) for word in CALLED.get(row.pk, ())}
            names.add(row, {bare(row.name), bare(row.name_en), bare(row.code)}, called)
        return names

    return _once(setting, "posts", make)


def people(drafts: Sequence[Draft], *fields: str) -> Names:
    """People whom the cells of these fields may mean: by number, name or telephone."""
    words = {draft.values.get(name) for draft in drafts for name in fields} - {None, ""}
    names = Names()
    if not words:
        return names
    keys = {crypto.fingerprint(word) for word in words if word.isdigit()}
    for row in Person.objects.filter(Q(no__among=words) | Q(name__among=words) | Q(phone_hash__among=keys)).order_by(
        "pk"
    ):
        names.add(row, {bare(row.no), bare(row.name), bare(row.phone or "")})
    return names


def find(draft: Draft, field: str, names: Names, *, code: str) -> Any:
    """The row that a cell names; an unknown or ambiguous name is an issue."""
    word = draft.values.get(field)
    if not word:
        return None
    row, is_several = names.get(word)
    if row is None:
        draft.blame(field, f"{code}_several" if is_several else code, value=word)
    return row


def _once(setting: Setting, name: str, make: Any) -> Any:
    if name not in setting.memory:
        setting.memory[name] = make()
    return setting.memory[name]
