"""A plain form of the tests' own, seen by those whom its papers concern; pictures to hang on it."""

from __future__ import annotations

import io

from django.db import transaction
from PIL import Image, ImageDraw

from tests.houses import MONDAY
from zhangfa.records import actions
from zhangfa.records.models import Concern
from zhangfa.records.prints import Field, FormPrint, Grid
from zhangfa.records.registry import Form, Role

CODE = "T1"
CONTENT = {"amount": "1800.00", "text": "台面更换"}


def concerns(actor, record):
    return Concern.objects.filter(record=record, person_id=actor.person_id).exists()


def build(record, *, actor, at):
    fields = [Field("金额", "1,800.00"), Field("处理", "台面更换")]
    return FormPrint(
        company="试验家政", title="试验表", number=record.number or "", code=CODE, sections=[Grid(fields)], at=at
    )


def make_form(content, told):
    return Form(
        CODE, "试验表", visible=concerns, content=lambda record: content, build=build,
        roles=(Role("handler", "经办人"), Role("worker", "服务员"), Role("manager", "部门经理"), Role("office", "行政", post="am")),
        signed=lambda record, row, by, at: told.append((row.role, row.state)),
    )  # fmt: skip


def open_paper(house, at=MONDAY, number=True):
    by = house.actor("cc")
    with transaction.atomic():
        record = actions.open_record(CODE, unit=house.units["east"], by=by, at=at, title="试验")
        if number:
            actions.assign_number(record, at=at)
        names = ("cc", "sw", "cs", "oa")
        actions.concern_many(record, [(house.people[name].pk, "party") for name in names])
    return record


def photo(size=(800, 600), color="#7a9", kind="JPEG", exif=None, **more):
    out = io.BytesIO()
    if exif is not None:
        more["exif"] = exif
    Image.new("RGB", size, color).save(out, kind, **more)
    return out.getvalue()


def drawing():
    image = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(20, 150), (120, 30), (200, 150), (420, 40)], fill=(0, 0, 0, 255), width=6)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
