"""What must hold whatever happened: the books agree, the trail verifies, every file is whole."""

from __future__ import annotations

import os

from zhangfa.audit.seals import seal, verify
from zhangfa.config import doctor
from zhangfa.core import clock, crypto
from zhangfa.records import jobs, vault


def assert_in_order() -> None:
    """What `zhangfa doctor --data` and `zhangfa audit verify` ask, and what lies in the vault."""
    assert list(doctor.CHECKS["data"]()) == []
    assert list(verify()) == []
    seal(clock.now())
    assert list(verify()) == []
    for path in vault.stored():
        assert vault.sha_of(crypto.decrypt_bytes(path.read_bytes())) == path.name


def assert_swept() -> None:
    """Half-written files, and files that no row names, go two days later; nothing else goes."""
    old = (clock.now() - 2 * jobs.ORPHAN_AGE).timestamp()
    for path in (*vault.stored(), *vault.drafts()):
        os.utime(path, (old, old))
    jobs.sweep_vault.call()
    assert not list(vault.drafts())
    assert_in_order()
