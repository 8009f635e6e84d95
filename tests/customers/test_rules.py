"""The archive's rules; no database."""

import pytest

from zhangfa.customers.rules import refuse_customer, refuse_reveal

pytestmark = pytest.mark.clause("CS-W2.1")


def codes(refusals):
    return [refusal.code for refusal in refusals]


def test_a_household_stands_in_the_archive_once():
    base = {"outlet_id": 1, "own_outlets": None, "known_no": "", "is_household": True, "has_phone": True}
    assert codes(refuse_customer(**base)) == []
    assert codes(refuse_customer(**{**base, "known_no": "K1"})) == ["customer.known"]
    assert codes(refuse_customer(**{**base, "known_no": "K1", "is_household": False})) == []
    assert codes(refuse_customer(**{**base, "own_outlets": [2]})) == ["customer.outlet"]
    assert codes(refuse_customer(**{**base, "own_outlets": [1, 2], "has_phone": False})) == ["customer.phone"]


@pytest.mark.clause("HS-D10")
def test_what_is_masked_is_shown_for_a_reason():
    assert codes(refuse_reveal(field="phone", reads_notes=False, reason="回访")) == []
    assert codes(refuse_reveal(field="phone", reads_notes=False, reason=" 看 ")) == ["customer.reason"]
    assert codes(refuse_reveal(field="note", reads_notes=False, reason="回访")) == ["customer.note"]
    assert codes(refuse_reveal(field="note", reads_notes=True, reason="回访")) == []
