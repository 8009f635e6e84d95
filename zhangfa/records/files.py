"""What an uploaded file really is, and the harmless copies that viewers get."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image, ImageOps

from zhangfa.core import clock

IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
VIEW_EDGE = 1600
THUMB_EDGE = 320
MAX_PIXELS = {"JPEG": 130_000_000, "PNG": 50_000_000, "WEBP": 50_000_000, "HEIF": 50_000_000}
SUFFIXES = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic",
    "application/pdf": ".pdf", "video/mp4": ".mp4", "video/quicktime": ".mov",
}  # fmt: skip
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
MP4_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"}
EXIF_IFD, TAKEN, OFFSET = 0x8769, 0x9003, 0x9011
SIGNATURE_SIZE = (600, 200)


class Unreadable(Exception):
    """The bytes begin like an image but can't be shown; the code says why."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


def sniff(data: bytes) -> str:
    """The type by its first bytes, whatever the name says; empty for anything that is not taken."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith((b"%PDF-1.", b"%PDF-2.")):
        return "application/pdf"
    if data[4:8] == b"ftyp":
        return _sniff_container(data)
    return ""


def _sniff_container(data: bytes) -> str:
    size = int.from_bytes(data[:4], "big")
    brands = [data[8:12], *(data[i : i + 4] for i in range(16, min(size, 128, len(data)), 4))]
    if brands[0] in HEIC_BRANDS or (brands[0] in {b"mif1", b"msf1"} and HEIC_BRANDS & set(brands)):
        return "image/heic"
    if brands[0] == b"qt  ":
        return "video/quicktime"
    if brands[0] in MP4_BRANDS or brands[0].startswith(b"3gp"):
        return "video/mp4"
    return ""


@dataclass(frozen=True)
class Copies:
    """The re-encoded copies of an image, without any metadata, and what was read from it before."""

    view: bytes
    thumb: bytes
    width: int
    height: int
    taken_at: dt.datetime | None


def copies_of(data: bytes, content_type: str) -> Copies:
    """Decode an image within limits and encode it anew. Raises Unreadable."""
    kind = IMAGES[content_type]
    _register_heif()
    try:
        with warnings.catch_warnings():
            # Our own limit per format comes first; Pillow's general one must not shout in the log.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[kind]) as image:
                if image.width * image.height > MAX_PIXELS[kind] or max(image.size) > 30_000:
                    raise Unreadable("too_many_pixels")
                taken_at = _taken_at(image)
                if kind == "JPEG":
                    # Decodes at a fraction of the size: little memory for large photos.
                    image.draft("RGB", (VIEW_EDGE, VIEW_EDGE))
                return _encode(image, taken_at)
    except Unreadable:
        raise
    except Image.DecompressionBombError as error:
        raise Unreadable("too_many_pixels") from error
    except Exception as error:
        # Decoders answer broken bytes with almost any exception; none may reach the person as one.
        raise Unreadable("unreadable") from error


def _encode(image: Any, taken_at: dt.datetime | None) -> Copies:
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        upright = Image.new("RGB", layer.size, "white")
        upright.paste(layer, mask=layer.getchannel("A"))
    view = upright.convert("RGB")
    view.thumbnail((VIEW_EDGE, VIEW_EDGE), Image.Resampling.LANCZOS)
    thumb = view.copy()
    thumb.thumbnail((THUMB_EDGE, THUMB_EDGE), Image.Resampling.LANCZOS)
    return Copies(_jpeg(view, 84), _jpeg(thumb, 78), view.width, view.height, taken_at)


def _jpeg(image: Any, quality: int) -> bytes:
    # A fresh image holds pixels only: no EXIF, place, profile or comment can travel along.
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def _taken_at(image: Any) -> dt.datetime | None:
    """When the camera says the photo was taken; without a zone it means Shanghai."""
    try:
        exif = image.getexif()
        part = exif.get_ifd(EXIF_IFD)
        text = str(part.get(TAKEN) or exif.get(ExifTags.Base.DateTime) or "")
        taken = dt.datetime.strptime(text.strip("\x00 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        zone = str(part.get(OFFSET) or "").strip("\x00 ")
        if zone:
            offset = dt.datetime.strptime(zone, "%z").tzinfo
            return taken.replace(tzinfo=offset).astimezone(dt.UTC)
        return taken.replace(tzinfo=clock.TZ).astimezone(dt.UTC)
    except Exception:  # noqa: BLE001 - a broken EXIF block only means that the time is unknown
        return None


def resized(data: bytes, edge: int) -> bytes:
    """A smaller copy of one of our own JPEGs, for prints."""
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        image.draft("RGB", (edge, edge))
        image.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        return _jpeg(image.convert("RGB"), 80)


def signature_of(png: bytes) -> tuple[bytes, int]:
    """A drawn name as black ink on nothing, cut to its edges, and the amount of ink. Raises Unreadable."""
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            if image.width * image.height > 8_000_000:
                raise Unreadable("too_many_pixels")
            layer = image.convert("RGBA")
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("unreadable") from error
    ink = layer.getchannel("A")
    if ink.getextrema()[0] == 255:
        # Drawn on a filled background: what is dark is ink.
        ink = ImageOps.invert(layer.convert("L")).point(lambda v: v if v > 60 else 0)
    box = ink.getbbox()
    if box is None:
        return b"", 0
    ink = ink.crop(box)
    ink.thumbnail(SIGNATURE_SIZE, Image.Resampling.LANCZOS)
    amount = sum(ink.histogram()[100:])
    drawn = Image.merge("LA", (Image.new("L", ink.size, 0), ink))
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue(), amount


_heif_is_ready = False


def _register_heif() -> None:
    global _heif_is_ready
    if not _heif_is_ready:
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
        _heif_is_ready = True
