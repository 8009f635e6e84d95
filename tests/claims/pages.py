"""Opening and sending the pages of a case as somebody, at an instant of the test's own."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.houses import MONDAY, House
from zhangfa.core import clock

NEXT = MONDAY + dt.timedelta(minutes=5)
IN_PLACE = {"HX-Request": "true", "HX-Target": "act"}


def jpeg(name: str = "photo.jpg", shade: int = 90) -> SimpleUploadedFile:
    """A real small photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 120, 90)).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


class Desk:
    """Somebody's browser without scripts; `at` is when they look."""

    def __init__(self, house: House, name: str, at: dt.datetime = NEXT):
        self.client, self.at = Client(), at
        self.client.force_login(house.user(name))

    def get(self, address: str, **headers: str) -> Any:
        with clock.at(self.at):
            return self.client.get(address, headers=headers)

    def post(self, address: str, fields: dict[str, Any], **headers: str) -> Any:
        with clock.at(self.at):
            return self.client.post(address, fields, headers=headers)

    def text(self, address: str, **headers: str) -> str:
        answer = self.get(address, **headers)
        assert answer.status_code == 200, (address, answer.status_code)
        return str(answer.content.decode())
