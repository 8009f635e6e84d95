"""Transitions: a status change written once, the same behind page, API, job, diagram and test.

A call opens the transaction, locks the row, re-checks the status, asks who (`permit`) and what (`guard`), runs the
body, and tells the sinks (audit, duties, notices) inside the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import models

from zhangfa.core.decisions import Refusal, Refused, demand
from zhangfa.core.text import _
from zhangfa.core.work import work

Rule = Callable[..., Iterable[Refusal]]


@dataclass(frozen=True)
class Happened:
    """What an action did, as the sinks receive it.

    `codes` holds ids and codes only; `values` may hold personal data and goes to erasable detail; `is_new`: it made `obj`.
    """

    event: str
    label: str
    obj: Any
    by: Any
    at: dt.datetime
    record_id: Any
    chain: str
    codes: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    clause: str = ""
    is_new: bool = False


_sinks: list[tuple[int, str, Callable[[Happened], None]]] = []
_registry: dict[tuple[str, str], Transition] = {}


def sink(order: int, name: str, receive: Callable[[Happened], None]) -> None:
    """Register a consumer of every event; `order` is the lock order (audit last)."""
    if not any(known == name for _order, known, _receive in _sinks):
        _sinks.append((order, name, receive))
        _sinks.sort(key=lambda entry: entry[0])


def sinks() -> list[str]:
    return [name for _order, name, _receive in _sinks]


def tell(happened: Happened) -> None:
    """Hand an event to every sink, inside the caller's transaction."""
    for _order, _name, receive in _sinks:
        receive(happened)


def announce(
    event: str, obj: models.Model, *, by: Any, at: dt.datetime, label: str = "", record_id: Any = None,
    codes: Mapping[str, Any] | None = None, values: Mapping[str, Any] | None = None, clause: str = "", is_new: bool = False,
) -> None:  # fmt: skip
    """Tell the sinks of a write that is not a status change (a creation, an entry, a settings change)."""
    chain = f"record:{record_id}" if record_id else f"{obj._meta.label_lower}:{obj.pk}"
    tell(Happened(event, label, obj, by, at, record_id, chain, codes or {}, values or {}, clause, is_new))


@dataclass(frozen=True)
class Transition:
    """One arrow of a state diagram with its rule; call it with the object, the actor and the time."""

    model: type[models.Model]
    name: str
    sources: tuple[str, ...]
    target: str | None
    label: str
    event: str
    permit: Rule
    guard: Rule
    body: Callable[..., Any]
    clause: str
    hint: str = ""
    applies: Callable[[Any], bool] = bool
    is_automatic: bool = False

    # A template that names a transition shows it; it never carries it out.
    do_not_call_in_templates: ClassVar[bool] = True

    @property
    def key(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def refuse_now(self, obj: Any, *, by: Any, at: dt.datetime) -> Iterator[Refusal]:
        """Why this person can't do this to the object as it stands; nothing yielded = the button works."""
        if obj.status not in self.sources or not self.applies(obj):
            yield Refusal(
                "status", _("当前状态为“%(status)s”，不能进行“%(action)s”。"),
                {"status": obj.get_status_display(), "action": self.label}, self.clause,
            )  # fmt: skip
            return
        yield from self.permit(obj, by=by, at=at)

    def __call__(self, obj: Any, *, by: Any, at: dt.datetime, **params: Any) -> Any:
        """Do it. Raises `Refused` with every reason; then nothing has been written. Returns the locked object."""
        with work():
            locked = self.model.objects.lock(obj.pk)  # type: ignore[attr-defined]
            demand(self.refuse_now(locked, by=by, at=at))
            demand(self.guard(locked, by=by, at=at, **params))
            before = _snapshot(locked)
            outcome = self.body(locked, by=by, at=at, **params) or {}
            if self.target is not None:
                locked.status = self.target
            changes = _changes(before, _snapshot(locked))
            locked.version += 1
            locked.save(update_fields=[*changes, "version"])
            codes = {"transition": self.name, "status": locked.status, **outcome.get("codes", {})}
            values = {**changes, **outcome.get("values", {})}
            record_id = getattr(locked, "record_id", None)
            chain = f"record:{record_id}" if record_id else f"{locked._meta.label_lower}:{locked.pk}"
            tell(Happened(self.event, self.label, locked, by, at, record_id, chain, codes, values, self.clause))
            return locked


def transition(
    model: type[models.Model], *, sources: Sequence[str], target: str | None, label: str, event: str,
    permit: Rule, guard: Rule | None = None, clause: str, hint: str = "", applies: Callable[[Any], bool] = bool,
    is_automatic: bool = False,
) -> Callable[[Callable[..., Any]], Transition]:  # fmt: skip
    """Declare a transition: the decorated function is its body, `target=None` keeps the status.

    `applies` hides what an object of this kind never does (an accident's survey from a complaint); a refusal explains the rest.
    `is_automatic`: it follows from something else and is nobody's button.
    """

    def declare(body: Callable[..., Any]) -> Transition:
        made = Transition(
            model, body.__name__, tuple(str(s) for s in sources), None if target is None else str(target), label,
            f"{model._meta.app_label}.{model._meta.model_name}.{event}", permit, guard or _no_guard, body, clause, hint,
            applies, is_automatic,
        )  # fmt: skip
        _registry[(model._meta.label_lower, made.name)] = made
        return made

    return declare


def _no_guard(*_args: Any, **_params: Any) -> Iterator[Refusal]:
    return iter(())


def registry(model: type[models.Model] | None = None) -> list[Transition]:
    """Every declared transition, in order of declaration."""
    return [t for t in _registry.values() if model is None or t.model is model]


def find(model: type[models.Model], name: str) -> Transition | None:
    return _registry.get((model._meta.label_lower, name))


def available(obj: Any, *, by: Any, at: dt.datetime) -> list[tuple[Transition, list[Refusal]]]:
    """The transitions that leave the object's status, each with the reasons that stop this person."""
    return [
        (t, list(t.refuse_now(obj, by=by, at=at)))
        for t in registry(type(obj))
        if obj.status in t.sources and t.applies(obj) and not t.is_automatic
    ]


def _snapshot(obj: models.Model) -> dict[str, Any]:
    return {f.attname: getattr(obj, f.attname) for f in obj._meta.concrete_fields if f.attname != "version"}


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}


__all__ = [
    "Happened",
    "Refused",
    "Transition",
    "announce",
    "available",
    "find",
    "registry",
    "sink",
    "sinks",
    "tell",
    "transition",
]
