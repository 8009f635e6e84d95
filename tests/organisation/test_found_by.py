"""What is typed decides where it is looked for: a telephone in the index of telephones alone, a name with figures still by name."""

import pytest

from zhangfa.organisation.models import Person, found_by

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("13800000017", ["a"]),
        ("138 0000 0017", ["a"]),
        ("138-0000-0017", ["a"]),
        ("0017", ["a"]),
        ("90000001", ["c"]),
        ("公司12345678", ["b"]),
        ("王小", ["a"]),
    ],
)
def test_by_the_form_of_what_was_typed(typed, found):
    for no, name, phone in (
        ("a", "王小明", "13800000017"),
        ("b", "公司12345678号", "13900000018"),
        ("90000001", "李丽", "13700000019"),
    ):
        person = Person(no=no, name=name, phone=phone)
        person.prepare()
        person.save()
    rows = Person.objects.filter(found_by(typed))
    assert [{"90000001": "c"}.get(row.no, row.no) for row in rows] == found


def test_a_telephone_is_asked_of_indexes_only():
    assert set(dict(found_by("138 0000 0017").children)) == {"no__in", "phone_hash"}
    assert "search_key__named" in dict(found_by("公司12345678").children)
