"""What an upload really is, and that nothing but pixels reaches a viewer."""

import datetime as dt
import io

import pytest
from PIL import Image

from tests.records.papers import drawing, photo
from zhangfa.records import files

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (HEIC, "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2", "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "video/quicktime"),
        (b"", ""),
        (b"GIF89a", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"<html><script>alert(1)</script>", ""),
        (b"PK\x03\x04docx", ""),
        (b"MZ\x90\x00", ""),
        (b"\n%PDF-1.7", ""),
        (b"%PDF-evil", ""),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avif", ""),
        (b"RIFF\x00\x00\x00\x00AVI ", ""),
    ],
)
def test_the_first_bytes_say_what_it_is(data, kind):
    assert files.sniff(data) == kind


def test_a_phone_photo_loses_its_place_and_keeps_its_time_and_direction():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°
    part = exif.get_ifd(0x8769)
    part[0x9003] = "2026:03:02 10:15:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (29.0, 52.0, 1.0)
    data = photo((1000, 500), exif=exif)
    assert b"Exif" in data
    copies = files.copies_of(data, "image/jpeg")
    assert copies.taken_at == dt.datetime(2026, 3, 2, 2, 15, tzinfo=dt.UTC)
    for copy in (copies.view, copies.thumb):
        assert b"Exif" not in copy
        with Image.open(io.BytesIO(copy)) as image:
            assert image.height > image.width and not image.getexif()


def test_a_zone_in_the_photo_counts():
    exif = Image.Exif()
    part = exif.get_ifd(0x8769)
    part[0x9003], part[0x9011] = "2026:03:02 10:15:00", "+02:00"
    assert files.copies_of(photo(exif=exif), "image/jpeg").taken_at == dt.datetime(2026, 3, 2, 8, 15, tzinfo=dt.UTC)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_copies_are_small_jpegs(kind):
    copies = files.copies_of(photo((4000, 1000), kind=kind), f"image/{kind.lower()}")
    assert (copies.width, copies.height) == (1600, 400)
    with Image.open(io.BytesIO(copies.thumb)) as image:
        assert (image.format, image.size) == ("JPEG", (320, 80))


def test_heic_from_a_phone_is_read():
    import pillow_heif

    pillow_heif.register_heif_opener()
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#345").save(out, "HEIF")
    assert files.sniff(out.getvalue()) == "image/heic"
    assert files.copies_of(out.getvalue(), "image/heic").width == 640


def test_a_picture_that_is_also_something_else_is_drawn_anew():
    data = photo() + b"<script>alert(1)</script>PK\x03\x04"
    copies = files.copies_of(data, "image/jpeg")
    assert b"script" not in copies.view and b"PK\x03\x04" not in copies.view


@pytest.mark.parametrize(
    "data",
    [b"\xff\xd8\xff" + b"nonsense" * 50, b"\x89PNG\r\n\x1a\n" + bytes(200), photo()[:500], photo(kind="PNG")[:300]],
)
def test_broken_pictures_are_refused_in_words(data):
    with pytest.raises(files.Unreadable) as caught:
        files.copies_of(data, files.sniff(data))
    assert caught.value.code == "unreadable"


def test_a_decompression_bomb_is_refused_before_it_is_decoded():
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG", optimize=True)
    assert len(out.getvalue()) < 100_000
    with pytest.raises(files.Unreadable) as caught:
        files.copies_of(out.getvalue(), "image/png")
    assert caught.value.code == "too_many_pixels"


def test_a_drawn_name_becomes_ink_on_nothing():
    png, ink = files.signature_of(drawing())
    assert ink > 500
    with Image.open(io.BytesIO(png)) as image:
        assert image.mode == "LA" and image.width <= 600
    assert files.signature_of(photo((600, 200), "white", "PNG")) == (b"", 0)
    with pytest.raises(files.Unreadable):
        files.signature_of(b"\x89PNG\r\n\x1a\nno")
