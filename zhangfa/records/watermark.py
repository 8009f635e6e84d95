"""A light picture of who took a list and when, laid under the cells of a sheet."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from zhangfa.records import fonts

WIDTH, HEIGHT = 720, 300


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    path, index = fonts.sans_file()
    return ImageFont.truetype(str(path), 20, index=index)


def picture(text: str) -> bytes:
    """A PNG tile with the words at a slant, faint enough to read figures over it."""
    tile = Image.new("RGB", (WIDTH, HEIGHT), "white")
    layer = Image.new("L", (WIDTH, HEIGHT), 0)
    ImageDraw.Draw(layer).text((20, HEIGHT // 2), text[:60], font=_font(), fill=36)
    turned = layer.rotate(14, resample=Image.Resampling.BICUBIC, center=(WIDTH // 2, HEIGHT // 2))
    tile.paste((30, 60, 110), mask=turned)
    out = io.BytesIO()
    tile.save(out, "PNG", optimize=True)
    return out.getvalue()
