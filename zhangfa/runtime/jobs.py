"""Jobs: work that leaves the page. Enqueuing is a row of the caller's transaction; a rollback takes the job with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django_tasks import task

_apart: set[str] = set()


def job(*, apart: bool = False, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Declare a job: `@job()` above a module function, then `name.enqueue(...)`.

    Its writes commit together with its done mark, so it takes effect once even if a worker dies on the way.
    `apart=True` is for work outside the database (mail, files): it may be begun again and must bear that.
    """

    def declare(function: Callable[..., Any]) -> Any:
        made = task(**options)(function)
        if apart:
            _apart.add(made.module_path)
        return made

    return declare


def runs_apart(path: str) -> bool:
    return path in _apart
