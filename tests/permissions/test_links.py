"""No page leads its reader to a refusal: every link on the handbook, the workbench and the papers opens for whom it is shown."""

import re

import pytest

from tests.houses import MONDAY
from tests.permissions.tables import TECHNICAL, clients, undone, unwatched
from tests.worlds import World
from zhangfa.claims import actions
from zhangfa.claims.models import Case
from zhangfa.core import clock

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a [^>]*href="(/[^"#?]*)')
# Papers in PDF are drawn anew each time; figures and clauses are for everybody.
LEFT_OUT = re.compile(r"\.pdf$|/logout/$|^/(static|policy|handbook|accounts)/|/original/")
READERS = (TECHNICAL, "gm", "am", "fin", "mk", "hr", "cs", "hs", "cc", "cm", "op", "sup", "oa", "oa2", "sw", "for_oa")
PARTS = ("?part=damage", "?part=talks", "?part=files")


def starts(world):
    """The handbook, the workbench, and every paper with what opens on it."""
    yield from ("/", "/handbook/", "/handbook/cc/", "/handbook/cs/", "/handbook/am/")
    for case in (world.new, world.assessed, world.complaint):
        address = case.get_absolute_url()
        yield from (address, f"{address}history/", *(address + part for part in PARTS))
    for paper in (world.settlement, world.settled, world.house.order, world.house.customer):
        yield paper.get_absolute_url()


@pytest.mark.clause("X-5")
def test_every_link_opens_for_whom_it_is_shown(db):
    with clock.at(MONDAY), unwatched():
        world = World()
        # Cases of one event, of which some readers see one and not the other.
        actions.link_event(Case.objects.get(pk=world.new.pk), world.outlet, by=world.house.actor("cs"), at=MONDAY)
        pages, browsers = list(starts(world)), clients(world)
        closed = {}
        for name in READERS:
            tried = {}
            for page in pages:
                answer = undone(lambda name=name, page=page: browsers[name].get(page))
                said = answer.content.decode() if answer.status_code == 200 else ""
                for address in set(LINK.findall(said)):
                    if LEFT_OUT.search(address):
                        continue
                    if address not in tried:
                        tried[address] = undone(
                            lambda name=name, address=address: browsers[name].get(address)
                        ).status_code
                    if tried[address] >= 400:
                        closed.setdefault(f"{page} → {address} {tried[address]}", []).append(name)
    assert closed == {}, "\n".join(f"{link}: {' '.join(names)}" for link, names in sorted(closed.items()))
