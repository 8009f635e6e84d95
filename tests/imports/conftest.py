"""The vault of a test is its own."""

import pytest


@pytest.fixture(autouse=True)
def vault_of_its_own(tmp_path, settings):
    settings.ATTACHMENTS_ROOT = tmp_path / "attachments"
