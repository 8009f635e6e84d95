"""A form of the tests' own and a paper of it; imports come late, for Django must be set up first."""

import pytest


@pytest.fixture(autouse=True)
def vault_of_its_own(tmp_path, settings):
    settings.ATTACHMENTS_ROOT = tmp_path / "attachments"


@pytest.fixture
def content():
    """The declared fields of the test form, which a test may change."""
    return {"amount": "1800.00", "text": "台面更换"}


@pytest.fixture
def form(content, monkeypatch):
    """The form, registered for this test; gives what its `signed` was told."""
    from tests.records import papers
    from zhangfa.records.registry import forms

    told = []
    monkeypatch.setitem(forms._forms, papers.CODE, papers.make_form(content, told))
    return told


@pytest.fixture
def paper(house, form):
    """A paper of the specialist, handed in."""
    from tests.records.papers import open_paper

    return open_paper(house)


@pytest.fixture
def asked(house, paper):
    """The paper with three roles to sign."""
    from tests.houses import MONDAY
    from zhangfa.records import actions

    people = house.people
    roles = [("handler", people["cc"].pk), ("worker", people["sw"].pk), ("manager", people["cs"].pk)]
    actions.ask_signatures(paper, roles, by=house.actor("cc"), at=MONDAY)
    return paper
