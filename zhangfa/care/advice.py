"""Which new product to offer a top customer, from what they use: a rule that shows its reasons, no hidden score (CS-W3.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from zhangfa.core.text import _

# What goes with what: who uses the first has use for the others, in this order.
GOES_WITH: Mapping[str, Sequence[str]] = {
    "HC01": ("HC02", "WN01", "AP01", "DC01"), "HC02": ("HC03", "WN01", "DC01", "AP03"), "HC03": ("WN01", "DC01", "AP01", "FC01"),
    "DC01": ("WN01", "AP01", "HC02"), "DC02": ("AR01", "WN01", "HC02"), "WN01": ("DC01", "FC05", "HC02"),
    "AP01": ("AP03", "AP06", "AP07"), "AP02": ("AP03", "AP06", "AP07"), "AP03": ("AP06", "AP01", "AP07"), "AP04": ("AP03", "AP06"),
    "FC01": ("FC03", "FC04", "FC05"), "CR05": ("CR07", "CK01", "HC01"), "CR04": ("HC02", "AR02"), "CR06": ("CR05", "CK01"),
    "OR01": ("HC02", "DC01"), "CK01": ("HC01", "CR05"), "FS01": ("FS03", "FS04"), "FS03": ("FS01", "FS04"), "FS04": ("FS03", "FS01"),
}  # fmt: skip
# Asked for in these months of the year.
SEASON: Mapping[int, Sequence[str]] = {
    1: ("DC01", "WN01"), 2: ("DC01",), 3: ("WN01", "FC05"), 4: ("AP03", "AP04"), 5: ("AP03", "AP04"), 6: ("AP03", "FC04"), 7: ("AP07", "FC04"),
    8: ("AP07", "AR02"), 9: ("FC05", "WN01"), 10: ("AP08", "FC01"), 11: ("AP08", "FC03"), 12: ("DC01", "AP01"),
}  # fmt: skip
FACILITY_FIRST = ("FS03", "FS04")
HOME_FIRST = ("HC02", "WN01", "DC01")
USED, SEASONAL, PLAIN, NEVER = "used", "season", "plain", "never"
REASONS = {
    USED: _("常用“%(product)s”（近一年 %(count)s 次），用它的客户也适合这一项"),
    SEASONAL: _("%(month)s 月正当季"),
    PLAIN: _("还没有可参考的用法，从基础产品介绍"),
    NEVER: _("近一年没有用过这一项"),
}  # fmt: skip


@dataclass(frozen=True)
class Advice:
    """A product with the reasons for it, as codes with their figures."""

    product: str
    reasons: list[tuple[str, dict[str, object]]]


def offer_for(
    used: Mapping[str, int], *, on: dt.date, sold: Collection[str], is_facility: bool = False
) -> Advice | None:
    """The first product that goes with what the customer uses most and that they don't use; in season before the rest.

    `used`: orders in the last twelve months by product; `sold`: what may be offered now.
    """
    new = {code for code in sold if code not in used}
    in_season = SEASON.get(on.month, ())
    for product, count in sorted(used.items(), key=lambda entry: (-entry[1], entry[0])):
        fitting = [code for code in GOES_WITH.get(product, ()) if code in new]
        if fitting:
            best = next((code for code in fitting if code in in_season), fitting[0])
            reasons: list[tuple[str, dict[str, object]]] = [(USED, {"product": product, "count": count}), (NEVER, {})]
            if best in in_season:
                reasons.append((SEASONAL, {"month": on.month}))
            return Advice(best, reasons)
    first = [code for code in (FACILITY_FIRST if is_facility else (*in_season, *HOME_FIRST)) if code in new]
    if not first:
        return None
    return Advice(first[0], [(SEASONAL, {"month": on.month}) if first[0] in in_season else (PLAIN, {}), (NEVER, {})])
