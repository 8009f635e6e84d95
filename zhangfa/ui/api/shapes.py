"""The shapes that every operation shares: refusals, errors, pages, and values as they travel in JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema as Schema
from pydantic import BaseModel, BeforeValidator, Field, create_model

from zhangfa.core.decisions import Refusal
from zhangfa.ui import words


def _text_of(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value


# Decimals travel as strings: a float would change the sum that decides an authority.
Money = Annotated[str, BeforeValidator(_text_of), Field(pattern=r"^-?[0-9]+\.[0-9]{2}$", examples=["1800.00"])]
Percent = Annotated[str, BeforeValidator(_text_of), Field(pattern=r"^[0-9]+(\.[0-9]+)?$", examples=["70.0"])]


class RefusalOut(Schema):
    """One reason why something was refused."""

    code: str = Field(description="stable, for programs")
    text: str = Field(description="a sentence in the caller's language")
    clause: str = Field(description="the clause of the handbook, or empty")
    field: str = Field(description="the input it belongs to, or empty")
    who: list[str] = Field(description="codes of the posts that could do it")


class Problem(Schema):
    """The call could not be carried out."""

    code: str
    text: str


class Invalid(Schema):
    """The input can't be read; nothing was written."""

    code: Literal["invalid"]
    text: str
    fields: dict[str, list[str]] = Field(description="messages by input name")
    errors: list[str] = Field(description="messages about the input as a whole")


class Refusals(Schema):
    """The rules say no; nothing was written."""

    code: Literal["refused", "forbidden"]
    text: str
    refusals: list[RefusalOut]


def refusals_out(refusals: Iterable[Refusal]) -> list[RefusalOut]:
    return [
        RefusalOut(code=r.code, text=words.say(r), clause=r.clause, field=r.field, who=list(r.who)) for r in refusals
    ]


def page_of(item: type[BaseModel]) -> type[BaseModel]:
    """The answer of a list: rows and the tokens of the pages beside it."""
    return create_model(
        f"{item.__name__}Page", __base__=Schema,
        items=(list[item], ...),  # type: ignore[valid-type]
        after=(str, Field(description="give it as `after` for the next page; empty on the last")),
        before=(str, Field(description="give it as `before` for the previous page; empty on the first")),
        count=(int, Field(description="how many rows there are, counted no further than a bound")),
        is_counted=(bool, Field(description="false: there are at least `count` rows")),
    )  # fmt: skip


def plain(value: Any) -> Any:
    """A stored value (facts, figures) as JSON carries it: decimals as strings, instants in UTC."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(entry) for entry in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
