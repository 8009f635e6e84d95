"""The command: its words, its exit codes, and what it prints when something is wrong."""

import datetime as dt
import json
import subprocess
import sys

import pytest

from zhangfa.config import cli
from zhangfa.config.settings.database import PREPARED, database
from zhangfa.core import clock
from zhangfa.organisation.actions.founding import found

AT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def company(transactional_db):
    return found(name="测试家政", administrator="root", password="a-long-password", at=AT, manager_name="章一")


def test_every_word_has_a_line_of_help(capsys):
    assert cli.main([]) == 2
    shown = capsys.readouterr().out
    assert all(word in shown for word in [*cli.COMMANDS, *cli.PASSED_ON])


def test_unknown_word_is_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["dance"])
    assert stopped.value.code == 2


@pytest.mark.parametrize("words", [["audit", "verify"], ["token", "gm"]])
def test_a_database_without_tables_is_said_in_words(tmp_path, words):
    done = subprocess.run(
        [sys.executable, "-m", "zhangfa.config.cli", *words],
        env={"ZHANGFA_HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The database is behind by") and "zhangfa migrate" in done.stderr


def test_audit_verify_finds_a_changed_event(company, capsys):
    from zhangfa.audit.models import Event

    assert cli.main(["audit", "verify"]) == 0
    assert "holds" in capsys.readouterr().out
    changed = Event.objects.order_by("pk").first()
    Event.objects.filter(pk=changed.pk).update(text=changed.text.replace("company", "compony"))
    assert cli.main(["audit", "verify"]) == 1
    assert changed.chain in capsys.readouterr().err


def test_token_is_for_active_accounts_only(company, capsys):
    from zhangfa.runtime import tokens

    assert cli.main(["token", "root"]) == 0
    token = capsys.readouterr().out.strip()
    assert tokens.authenticate(token, clock.now()).username == "root"
    assert cli.main(["token", "nobody"]) == 1
    assert "nobody" in capsys.readouterr().err


def test_tokens_that_got_out_are_ended(company, capsys):
    from zhangfa.runtime import tokens

    cli.main(["token", "root"])
    token = capsys.readouterr().out.strip()
    assert cli.main(["token", "root", "--revoke"]) == 0
    assert capsys.readouterr().out == "1 revoked.\n"
    assert tokens.authenticate(token, clock.now()) is None


@pytest.mark.clause("X-2")
def test_explain_and_handbook_answer_scripts(company, capsys):
    assert cli.main(["explain", "case", "settlement=1000.01", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"authority", "clause", "policy", "why"} <= answer.keys()
    assert cli.main(["explain", "case", "nonsense=1"]) == 2
    assert cli.main(["handbook", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) > 100


def test_doctor_says_what_to_do(company, capsys):
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
    code = cli.main(["doctor"])
    shown = capsys.readouterr().out
    if connection.vendor == "sqlite":
        connection.close()
    assert code == 1
    assert "zhangfa worker" in shown
    assert "ok  migrations" in shown


def test_database_address_is_read_or_refused():
    assert database("sqlite:////tmp/a%20b.sqlite3")["NAME"] == "/tmp/a b.sqlite3"
    there = database("postgres://me:p%40ss@db.example:5433/firm?sslmode=require")
    assert (there["USER"], there["PASSWORD"], there["HOST"], there["PORT"]) == ("me", "p@ss", "db.example", "5433")
    assert there["OPTIONS"] == {**PREPARED, "sslmode": "require"}
    assert database("postgres://me@/firm?options=-c%20jit%3Don")["OPTIONS"]["options"] == "-c jit=on"
    assert database("postgres://me@/firm?host=/run/pg")["HOST"] == "/run/pg"
    with pytest.raises(ValueError, match="sqlite"):
        database("mysql://x/y")
