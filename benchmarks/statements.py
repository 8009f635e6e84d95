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


def count(facts: dict[str, Any]) -> dict[str, int]:
    """Statements per page, the second time a page is opened."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    def ask(name: str, path: str, **headers: str) -> int:
        client = Client(headers={"host": "127.0.0.1"})
        client.cookies[settings.SESSION_COOKIE_NAME] = facts["sessions"][name]
        client.get(path, headers=headers)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(path, headers=headers)
        return sum(is_counted(query["sql"]) for query in seen.captured_queries)

    fragment = {"HX-Request": "true", "HX-Target": "list"}
    return {
        "list, first page": ask("cs", "/cases/"),
        "list, filtered": ask("cs", "/cases/?status=closed"),
        "list, searched by number": ask("cs", f"/cases/?q={facts['number']}"),
        "list as a fragment": ask("cs", "/cases/", **fragment),
        "list, outlet manager": ask("oa", "/cases/"),
        "list, specialist": ask("cc", "/cases/"),
        "record with its timeline": ask("cs", f"/cases/{facts['case']}/"),
        "settlement": ask("cs", f"/settlements/{facts['settlement']}/"),
        "workbench, CS manager": ask("cs", "/"),
        "workbench, specialist": ask("cc", "/"),
    }


if __name__ == "__main__":
    print(json.dumps(count(json.loads(sys.argv[1]))))
