"""The typesetter: a process of its own that comes when it is needed, goes when it is not, and leaves nobody waiting."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.hardship.web import wait_until
from zhangfa.records import fonts, prints, typesetting
from zhangfa.records.prints import Field, FormPrint, Grid

ROOT = Path(__file__).resolve().parents[2]
FORM = FormPrint(company="甲", title="乙", sections=[Grid([Field("姓名", "㛃䶮")])])
PROGRAM = """
import django, sys, time
django.setup()
from zhangfa.records import prints, typesetting
from tests.records.test_typesetting import FORM
prints.render_form(FORM)
print(typesetting.typesetter().pid, "typst" in sys.modules, flush=True)
time.sleep(60)
"""


@pytest.fixture
def typesetter(monkeypatch):
    """One of this test's own; ended afterwards."""
    one = typesetting.Typesetter()
    monkeypatch.setattr(typesetting, "_typesetter", one)
    yield one
    one.end()


def commanded(monkeypatch, change):
    """The typesetter with one thing changed."""
    program = f"from zhangfa.records import fonts, typesetter\n{change}\ntypesetter.main()"
    monkeypatch.setattr(typesetting, "COMMAND", [sys.executable, "-c", program])


def is_alive(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def test_it_comes_with_the_first_form_and_stays_for_the_next(typesetter):
    assert typesetter.pid is None
    first = prints.render_form(FORM)
    pid = typesetter.pid
    assert pid != os.getpid() and prints.render_form(FORM)[:9] == first[:9]
    assert typesetter.pid == pid


def test_it_goes_when_nobody_prints_and_comes_again(typesetter, monkeypatch):
    commanded(monkeypatch, "typesetter.IDLE_SECONDS = 0.1")
    prints.render_form(FORM)
    first = typesetter.pid
    wait_until(lambda: not is_alive(first), what="the end of an idle typesetter")
    assert prints.render_form(FORM)
    assert typesetter.pid != first


def test_it_is_changed_for_a_fresh_one_after_many_forms(typesetter, monkeypatch):
    commanded(monkeypatch, "typesetter.FORMS = 2")
    pids = []
    for _form in range(4):
        prints.render_form(FORM)
        pids.append(typesetter.pid)
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_one_killed_between_two_forms_is_not_missed(typesetter):
    prints.render_form(FORM)
    os.kill(typesetter.pid, signal.SIGKILL)
    assert prints.render_form(FORM).startswith(b"%PDF")


def test_one_that_always_dies_is_said_aloud(typesetter, monkeypatch):
    commanded(monkeypatch, "import os; typesetter._answer = lambda *order: os._exit(1)")
    with pytest.raises(prints.PrintFailed, match="twice"):
        prints.render_form(FORM)


def test_one_that_never_answers_is_ended(typesetter, monkeypatch):
    commanded(monkeypatch, "import time; typesetter._answer = lambda *order: time.sleep(60)")
    monkeypatch.setattr(typesetting, "PATIENCE_SECONDS", 0.5)
    with pytest.raises(prints.PrintFailed, match="seconds"):
        prints.render_form(FORM)
    assert typesetter.pid is None


def test_a_missing_font_is_the_same_refusal_as_here(typesetter, monkeypatch):
    commanded(monkeypatch, "fonts.folders = list")
    with pytest.raises(fonts.FontMissing):
        prints.render_form(FORM)


def test_two_visitors_get_each_their_own_form(typesetter):
    made = {}
    names = [f"客户{n}" for n in range(4)]

    def work(name):
        form = FormPrint(company="甲", title=name, at=FORM.at)
        made[name] = [len(prints.render_png(form, ppi=20)) for _round in range(5)]

    threads = [threading.Thread(target=work, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == {name: [1] * 5 for name in names}


def test_a_divided_process_begins_its_own(typesetter):
    prints.render_form(FORM)
    found = multiprocessing.get_context("fork").SimpleQueue()

    def child():
        prints.render_form(FORM)
        found.put(typesetting.typesetter().pid)

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    assert found.get() not in (typesetter.pid, None)
    process.join()
    assert prints.render_form(FORM)


def test_whoever_prints_keeps_no_fonts_and_takes_the_typesetter_along_when_killed():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    one = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        pid, has_fonts = one.stdout.readline().split()
        assert has_fonts == "False" and is_alive(int(pid))
    finally:
        one.kill()
        one.communicate()
    wait_until(lambda: not is_alive(int(pid)), what="the end of an orphan")
