"""The sample's own transitions exist only while the shell's tests run: others count the product's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def sample_transitions() -> Iterator[None]:
    from tests.ui.sample import pages
    from zhangfa.core import transitions

    transitions._registry.update(pages.OWN)
    yield
    for key in pages.OWN:
        transitions._registry.pop(key, None)


@pytest.fixture
def user(db: None) -> Any:
    from zhangfa.organisation.models import Person, User

    person = Person(name="章敏", no="U1")
    person.prepare()
    person.save()
    made = User(username="zm", person=person)
    made.set_password("shell-test-2026")
    made.save()
    return made


@pytest.fixture
def visitor(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def papers(db: None) -> list[Any]:
    from tests.ui.sample.models import Paper
    from zhangfa.core import clock

    now = clock.now()
    made = [
        Paper(
            number=f"SG-20261123-{index:03}",
            title=f"事项{index}",
            person="章敏" if index % 2 else "欧阳建国",
            amount=Decimal(index * 100),
            due_at=now + dt.timedelta(hours=index) if index % 3 else None,
            created_at=now,
            status=["draft", "submitted"][index % 2],
        )
        for index in range(12)
    ]
    for paper in made:
        paper.save()
    return made
