"""Addresses of care's interface."""

import pytest

from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.runtime import tokens

NOUNS = (
    "care-months", "care-plans", "visits", "visit-bundles", "visit-threads", "gifts", "promises", "rechecks",
    "key-accounts", "account-feedback", "alliances",
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.mark.parametrize("noun", NOUNS)
def test_a_key_that_names_nothing_is_missing_whatever_it_looks_like(house: House, client, noun: str):
    headers = {"Authorization": f"Bearer {tokens.issue(house.user('cs'), at=MONDAY)}"}
    with clock.at(MONDAY):
        for key in ("甲月乙日", "12345", "9" * 30, "KH-1", "019cac46-1500-74c6-9d2e-28534c727ae3"):
            assert client.get(f"/api/v1/care/{noun}/{key}", headers=headers).status_code in (404, 422), key
