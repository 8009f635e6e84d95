"""The forms of the house: what each paper contains, who may see it and who signs, told by the app that owns it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhangfa.core.decisions import Refusal
    from zhangfa.organisation.actor import Actor
    from zhangfa.records.models import Record, Signature
    from zhangfa.records.prints import FormPrint


@dataclass(frozen=True)
class Role:
    """A signing role: its printed label, what the signature means, and the post behind it if any.

    `is_at_hand`: the signer stands beside the handler and may write their name on the handler's device, also with a login.
    `is_each`: everybody signs for themselves; the row's role is this code, a hyphen and the person.
    """

    code: str
    label: str
    meaning: str = ""
    post: str = ""
    is_at_hand: bool = False
    is_each: bool = False

    def answers_to(self, code: str) -> bool:
        return self.code == code or (self.is_each and code.startswith(f"{self.code}-"))


def _nobody(actor: Actor, record: Record) -> bool:
    return False


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None


def _no_refusal(record: Record, kind: str, at: dt.datetime) -> Iterator[Refusal]:
    return iter(())


def _nobody_hidden(actor: Actor, record: Record, obj: Any) -> frozenset[int]:
    return frozenset()


@dataclass(frozen=True)
class Form:
    """A form code and what its app knows about papers of that form.

    `visible` decides every access below records; `content` gives the declared fields under the
    signature digest; `refuse_file` says by kind and time why the paper takes a file no more; `build` makes the print; `lock` locks the domain row before the record (lock
    order); `signed` runs inside the signing transaction, with the signature that was given or
    refused; `may_double` says whether A-22 lets one person sign a second management role;
    `follows_parent`: whoever sees the case that the paper belongs to sees the paper; `conceals`
    gives the people whose names this reader doesn't get on it.
    """

    code: str
    title: str
    visible: Callable[[Actor, Record], bool] = _nobody
    content: Callable[[Record], Mapping[str, Any]] | None = None
    roles: tuple[Role, ...] = ()
    build: Callable[..., FormPrint] | None = None
    may_write: Callable[[Actor, Record], bool] | None = None
    refuse_file: Callable[[Record, str, dt.datetime], Iterable[Refusal]] = _no_refusal
    handlers: Callable[[Record], frozenset[int]] | None = None
    lock: Callable[[Record], Any] = _nothing
    signed: Callable[[Record, Signature, Actor, dt.datetime], Any] = _nothing
    may_double: Callable[[Record, int, str, dt.datetime], bool] | None = None
    follows_parent: bool = False
    conceals: Callable[[Actor, Record, Any], frozenset[int]] = _nobody_hidden

    @property
    def has_print(self) -> bool:
        """Whether papers of the form can be printed; templates ask here, for they would call `build`."""
        return self.build is not None

    def role(self, code: str) -> Role:
        return next((role for role in self.roles if role.answers_to(code)), Role(code, code))


class Forms:
    """Forms by code; a code that nobody registered is seen by nobody."""

    def __init__(self) -> None:
        self._forms: dict[str, Form] = {}

    def add(self, form: Form) -> None:
        """Raises ValueError where another paper has the code already: its numbers, readers and signatures would get mixed up."""
        known = self._forms.get(form.code)
        if known is not None and known.title != form.title:
            raise ValueError(f"form code {form.code} is taken: {known.title}, {form.title}")
        self._forms[form.code] = form

    def get(self, code: str) -> Form:
        return self._forms.get(code) or Form(code, code)

    def __contains__(self, code: str) -> bool:
        return code in self._forms

    def __iter__(self) -> Iterator[Form]:
        return iter(sorted(self._forms.values(), key=lambda form: form.code))


forms = Forms()

# fn(hashes) -> those of them that rows of another app name: the vault keeps their files
keepers_of_files: dict[str, Callable[[Sequence[str]], Iterable[str]]] = {}
