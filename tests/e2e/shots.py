"""The pictures of the documents: taken on the way by the browser tests, small, and only when asked for.

`ZHANGFA_SCREENSHOTS=1 pytest -m e2e tests/e2e` writes docs/images anew.
"""

import io
import os
import random
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.houses import House
from zhangfa.organisation.demo import names

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
IS_WANTED = os.environ.get("ZHANGFA_SCREENSHOTS") == "1"
MOST_BYTES = 150_000
COLOURS = (128, 64, 32)
# In the order of the house's units.
UNITS = (
    ("公司总部", "Head office"), ("行政部", "Administration"), ("财务部", "Finance"), ("营销部", "Marketing"),
    ("客服中心", "Customer service centre"), ("家庭服务中心", "Household service centre"),
    ("后勤服务中心", "Facility service centre"), *names.OUTLETS[:2], names.SITES[0],
)  # fmt: skip


def dress(house: House) -> None:
    """Give the tests' company the names that a reader of the documents may see."""
    rng = random.Random(20260302)
    company = house.company
    company.name, company.name_en = "禾砚屿家庭服务", "Heyanyu Home Services"
    company.save()
    for (code, unit), (name, name_en) in zip(house.units.items(), UNITS, strict=True):
        unit.name, unit.name_en = name, name_en
        unit.save()
        assert code == unit.code
    for person in house.people.values():
        person.name = names.person(rng, 0.7)
        person.name_en = names.english(person.name)
        person.prepare()
        person.save()


def shoot(page: Page, name: str, *, top: str = "body") -> None:
    """Keep what the window shows from `top` on as docs/images/<name>.png, with as many colours as fit into the size."""
    if not IS_WANTED:
        return
    page.wait_for_load_state("networkidle")
    page.evaluate("document.getElementById('toasts')?.replaceChildren()")
    page.locator(top).first.evaluate("element => element.scrollIntoView({block: 'start', behavior: 'instant'})")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / f"{name}.png").write_bytes(small(picture))


def small(picture: Image.Image) -> bytes:
    """The picture as a palette PNG of at most 150 KB."""
    data = b""
    for colours in COLOURS:
        out = io.BytesIO()
        picture.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        data = out.getvalue()
        if len(data) <= MOST_BYTES:
            return data
    raise ValueError(f"{len(data)} bytes: take a smaller part of the page")
