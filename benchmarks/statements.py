"""How many statements each page sends: all but BEGIN, COMMIT, SAVEPOINT and the look INSERT, counted in process."""

import json
import os
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhangfa.config.settings")
FREE = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")


def is_counted(sql: str) -> bool:
    """The quality budget's own definition."""
    return not sql.startswith(FREE) and 'INTO "audit_look"' not in sql


def count(
    sessions: dict[str, str], pages: dict[str, tuple[str, str]], headers: dict[str, dict[str, str]] | None = None
) -> dict[str, int]:
    """Statements per page (who opens it, its address), the second time it is opened."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    counted = {}
    for name, (who, path) in pages.items():
        sent = (headers or {}).get(name, {})
        client = Client(headers={"host": "127.0.0.1"})
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[who]
        client.get(path, headers=sent)
        with CaptureQueriesContext(connection) as seen:
            client.get(path, headers=sent)
        counted[name] = sum(is_counted(query["sql"]) for query in seen.captured_queries)
    return counted


def of_cases(facts: dict[str, Any]) -> dict[str, int]:
    """The pages of a case."""
    pages = {
        "list, first page": ("cs", "/cases/"),
        "list, filtered": ("cs", "/cases/?status=closed"),
        "list, searched by number": ("cs", f"/cases/?q={facts['number']}"),
        "list as a fragment": ("cs", "/cases/"),
        "list, outlet manager": ("oa", "/cases/"),
        "list, specialist": ("cc", "/cases/"),
        "record with its timeline": ("cs", f"/cases/{facts['case']}/"),
        "settlement": ("cs", f"/settlements/{facts['settlement']}/"),
        "workbench, CS manager": ("cs", "/"),
        "workbench, specialist": ("cc", "/"),
    }
    fragment = {"list as a fragment": {"HX-Request": "true", "HX-Target": "list"}}
    return count(facts["sessions"], pages, fragment)


if __name__ == "__main__":
    print(json.dumps(of_cases(json.loads(sys.argv[1]))))
