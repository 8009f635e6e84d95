"""Fixtures of the hard days: a vault of the test's own begins empty."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings

pytest.register_assert_rewrite("tests.hardship.books")


@pytest.fixture(autouse=True)
def _empty_vault() -> Iterator[None]:
    # The processes that a test starts look where the settings point: the folder stays, its content goes.
    shutil.rmtree(settings.ATTACHMENTS_ROOT, ignore_errors=True)
    yield
    shutil.rmtree(settings.ATTACHMENTS_ROOT, ignore_errors=True)
