"""A sealed end of the trail that somebody takes away with SQL is found, even where they take its seal with it."""

import pytest

from tests.hardship.books import assert_in_order
from tests.houses import MONDAY
from zhangfa.audit import seals
from zhangfa.audit.models import Event, EventDetail, Head, Seal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.clause("X-3")]


@pytest.fixture(autouse=True)
def _own_file(settings, tmp_path):
    settings.ZHANGFA_HOME = str(tmp_path)


def take_back(chain, to):
    """Put a chain back to an earlier event, as one who knows the tables would."""
    gone = Event.objects.filter(chain=chain, n__gt=to)
    EventDetail.objects.filter(event__in=gone).delete()
    gone.delete()
    last = Event.objects.get(chain=chain, n=to)
    Head.objects.filter(chain=chain).update(n=to, digest=last.digest, sealed_n=to, is_open=False)


@pytest.fixture
def sealed_twice(house):
    """A case whose second event stands under the newest seal."""
    case = house.report("300")
    seals.seal(MONDAY)
    chain = f"record:{case.pk}"
    first = Head.objects.get(chain=chain).n
    house.to_assessed(case, until="arrived")
    seals.seal(MONDAY)
    assert [*seals.verify()] == []
    return chain, first


def test_the_newest_seal_is_missed(sealed_twice):
    take_back(*sealed_twice)
    Seal.objects.filter(n=2).delete()
    assert [(found.chain, found.n, found.what) for found in seals.verify()] == [("seal", 2, "removed")]


def test_a_seal_made_anew_in_its_place_differs_outside(house, sealed_twice):
    take_back(*sealed_twice)
    Seal.objects.filter(n=2).delete()
    house.report("300", order=None, customer=house.make_customer("邻居"))
    assert seals.seal(MONDAY)
    assert ("seal", 2, "differs outside") in [(found.chain, found.n, found.what) for found in seals.verify()]


def test_a_line_that_a_crash_kept_from_the_file_is_written_by_the_next_run(house, monkeypatch):
    house.report("300")
    with monkeypatch.context() as killed:
        killed.setattr(seals, "write_outside", lambda: None)
        seals.seal(MONDAY)
    assert not seals.seal_file().exists() and [*seals.verify()] == []
    house.report("300", order=None, customer=house.make_customer("邻居"))
    seals.seal(MONDAY)
    assert [line.split()[0] for line in seals.seal_file().read_text().splitlines()] == ["1", "2"]
    assert_in_order()
