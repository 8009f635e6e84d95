"""The lists that the demo shows."""

import pytest

from tests.houses import MONDAY
from zhangfa.imports import demo
from zhangfa.imports.models import Import

pytestmark = pytest.mark.django_db


def test_the_demo_shows_a_written_list_and_one_that_needs_a_hand(house):
    assert demo.build(1, "small", MONDAY) == 2
    written, waiting = Import.objects.order_by("pk")
    assert (written.status, written.counts) == ("applied", {"applied": demo.ROWS})
    assert waiting.status == "checked" and waiting.counts["wrong"] >= 2 and waiting.counts["ready"] > 5
