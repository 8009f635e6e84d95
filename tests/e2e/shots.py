"""The pictures of the documents: taken on the way by the browser tests, small, and only when asked for.

`ZHANGFA_SCREENSHOTS=1 pytest -m e2e tests/e2e` writes docs/images anew.
"""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
IS_WANTED = os.environ.get("ZHANGFA_SCREENSHOTS") == "1"
MOST_BYTES = 150_000
COLOURS = (128, 64, 32)


def shoot(page: Page, name: str) -> None:
    """Keep what the window shows as docs/images/<name>.png, with as many colours as fit into the size."""
    if not IS_WANTED:
        return
    page.wait_for_load_state("networkidle")
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
