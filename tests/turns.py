"""Several who do something at one instant, each with a connection of their own."""

import threading
from typing import Any

from django.db import connection

from zhangfa.core.decisions import Refusal, Refused


def at_once(*calls: Any) -> list[Any]:
    """What came of each: "done" first, then the refusals; a raw error is raised, for it must not come."""
    gate, came, errors = threading.Barrier(len(calls)), [], []

    def run(call: Any) -> None:
        try:
            gate.wait(timeout=30)
            call()
            came.append("done")
        except Refused as refused:
            came.append(refused.refusals[0])
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if errors:
        raise errors[0]
    return sorted(came, key=lambda one: one != "done")


def one_is_refused(code: str, *calls: Any) -> Refusal:
    done, refused = at_once(*calls)
    assert done == "done" and refused.code == code, (done, refused)
    return refused
