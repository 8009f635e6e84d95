"""What is trouble of disk or database, and what is a fault of ours."""

import errno

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from zhangfa.runtime.models import Slot
from zhangfa.runtime.trouble import AWAY, FULL, trouble_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def raised(kind, call, *args, **params):
    with pytest.raises(kind) as caught, transaction.atomic():
        call(*args, **params)
    return caught.value


def test_a_disk_without_room_is_trouble_also_where_other_errors_follow():
    def follow():
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as error:
            raise RuntimeError("the sheet could not be closed") from error

    assert trouble_of(raised(RuntimeError, follow)) == FULL


def test_faults_of_the_program_are_none():
    with connection.cursor() as cursor:
        assert trouble_of(raised(DatabaseError, cursor.execute, "SELECT * FROM nowhere")) == ""
    assert trouble_of(raised(IntegrityError, Slot.objects.create, name="x", slot=None)) == ""
    assert trouble_of(OSError(errno.ENOENT, "No such file")) == ""
    assert trouble_of(None) == ""


@pytest.mark.skipif("connection.vendor != 'postgresql'")
@pytest.mark.parametrize(
    ("state", "kind"), [("53100", FULL), ("53300", AWAY), ("57P01", AWAY), ("40P01", AWAY), ("55P03", AWAY)]
)
def test_the_states_of_postgresql(state, kind):
    words = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"
    with connection.cursor() as cursor:
        assert trouble_of(raised(DatabaseError, cursor.execute, words)) == kind
