"""The worker at work: what it writes down is the company's, not the shell's."""

import pytest
from django.utils import translation

from zhangfa.runtime import worker

pytestmark = pytest.mark.django_db


def test_the_worker_writes_in_the_language_of_the_company_whatever_the_shell_speaks(monkeypatch):
    spoken = []
    monkeypatch.setattr(worker, "_loop", lambda *_: spoken.append(translation.get_language()) or 0)
    monkeypatch.setattr(worker, "_listen", lambda stop: stop.set())
    with translation.override("en"):
        assert worker.run() == 0
        assert translation.get_language() == "en"
    assert spoken == ["zh-hans"]
