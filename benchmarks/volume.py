"""Fill databases: the floor's fifty rows, and a company with its cases at volume.

`python -m benchmarks.volume floor|product [cases]` works on DATABASE_URL and prints what the measurement needs as JSON.
"""

import datetime as dt
import json
import os
import sys
import time
from importlib import import_module


def floor() -> dict[str, str]:
    """Tables, a thousand rows, a signed-in user."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.floor.settings"
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    from benchmarks.floor.models import Row

    if not Row.objects.exists():
        at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        Row.objects.bulk_create(
            [Row(number=f"N{n:06}", name="林知夏", status="open", amount=n, at=at) for n in range(1000)]
        )
    user, _made = User.objects.get_or_create(username="floor")
    return {"session": _session(user)}


def product(cases: int) -> dict[str, object]:
    """The demo company with that many cases by the bulk writer, and the addresses that are measured."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhangfa.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from zhangfa.claims.models import Case
    from zhangfa.core import clock
    from zhangfa.organisation.models import Company, User

    call_command("migrate", verbosity=0)
    at = clock.now()
    began = time.monotonic()
    if not Company.objects.exists():
        from zhangfa.claims.demo.bulk import write
        from zhangfa.config import demonstration

        with demonstration.hasty_writes():
            for module in demonstration.PARTS:
                if "claims" not in module:
                    import_module(module).build(seed=1, scale="medium", at=at)
            write(1, cases, at)
    seconds = time.monotonic() - began
    _analyse()
    open_ids = list(Case.objects.filter(status="accepted").order_by("pk").values_list("pk", flat=True)[:1500])
    handlers = {}
    measured = User.objects.filter(username__in=("cs", "cc", "oa")).values("person_id")
    for case in Case.objects.filter(pk__in=open_ids).exclude(handler_id__in=measured):
        handlers.setdefault(case.handler_id, []).append(str(case.pk))
    handler_id, waiting = max(handlers.items(), key=lambda pair: len(pair[1]))
    user, _made = User.objects.get_or_create(username="bench-handler", defaults={"person_id": None})
    if user.person_id != handler_id:
        User.objects.filter(person_id=handler_id).exclude(pk=user.pk).update(person=None)
        user.person_id = handler_id
        user.save()
    closed = Case.objects.filter(status="closed").order_by("-pk").select_related("record", "customer").first()
    assert closed is not None and closed.customer is not None
    return {
        "cases": Case.objects.count(),
        "built_seconds": round(seconds),
        "sessions": {name: _session(User.objects.get(username=name)) for name in ("cs", "cc", "oa", "bench-handler")},
        "waiting": waiting,
        "case": str(closed.pk),
        "settlement": str(closed.settlements.get().pk),
        "number": closed.record.number,
        "name": closed.customer.name,
    }


def _session(user: object) -> str:
    """A session as sign-in leaves it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils.module_loading import import_string

    engine = getattr(settings, "SESSION_ENGINE", "")
    store = import_string(f"{engine}.SessionStore")() if engine else SessionStore()
    store[SESSION_KEY] = str(user.pk)  # type: ignore[attr-defined]
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()  # type: ignore[attr-defined]
    store.save()
    return str(store.session_key)


def _analyse() -> None:
    """As PostgreSQL does by itself in a night. SQLite's statistics know only averages, which mislead it about a status that few rows have."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    made = floor() if sys.argv[1] == "floor" else product(int(sys.argv[2]))
    print(json.dumps(made, ensure_ascii=False))
