"""Who may sign, what may hang on a paper: the pure rules."""

from dataclasses import replace

import pytest

from zhangfa.records import rules

WAITING = rules.SigningFacts(
    state="waiting", is_void=False, is_numbered=True, signer_id=7, signer_has_login=True, actor_id=7,
    handler_ids=frozenset({1}),
)  # fmt: skip


def codes(refusals):
    return [refusal.code for refusal in refusals]


def signing(facts, **more):
    params = {"method": "password", "is_verified": True, "result": "agree", "opinion": "", "ink": 0}
    return codes(rules.refuse_sign(facts, **(params | more)))


def test_the_signer_signs_with_a_checked_password():
    assert signing(WAITING) == []
    assert signing(WAITING, is_verified=False) == ["password"]
    assert signing(replace(WAITING, is_void=True)) == ["void"]
    assert signing(replace(WAITING, is_numbered=False)) == ["not_handed_in"]
    assert signing(replace(WAITING, state="signed")) == ["not_waiting"]


def test_somebody_else_does_not_sign():
    assert signing(replace(WAITING, actor_id=8)) == ["not_signer"]
    assert signing(replace(WAITING, actor_id=None)) == ["not_signer"]
    # The handler stands beside a worker without a login, never beside somebody who has one.
    assert signing(replace(WAITING, actor_id=1), method="drawn", ink=500) == ["not_signer"]


def test_a_delegate_signs_for_the_absent():
    facts = replace(WAITING, actor_id=8, principal_ids=frozenset({7}))
    assert signing(facts) == []
    assert rules.manner_of(facts, "password") == "delegate"


@pytest.mark.clause("CC-W1.7")
def test_a_worker_without_login_signs_by_hand_with_the_handler():
    facts = replace(WAITING, actor_id=1, signer_has_login=False)
    assert signing(facts) == ["drawn_only"]
    assert signing(facts, method="drawn", ink=500) == []
    assert rules.manner_of(facts, "drawn") == "presence"
    # The handler has signed for himself already: the worker's hand is another one.
    assert signing(replace(facts, signed=(rules.Hand("handler", 1, 1),)), method="drawn", ink=500) == []


@pytest.mark.clause("AM-W3")
def test_a_role_signed_on_the_spot_is_drawn_on_the_handlers_device():
    facts = replace(WAITING, actor_id=1, is_at_hand=True)
    assert signing(facts, method="drawn", ink=500) == [] and rules.manner_of(facts, "drawn") == "presence"
    assert signing(facts) == ["drawn_only"]
    assert signing(replace(facts, actor_id=8), method="drawn", ink=500) == ["not_signer"]


@pytest.mark.clause("CC-W1.7")
def test_nobody_signs_two_roles_unless_allowed():
    other = replace(WAITING, signed=(rules.Hand("manager", 7, 7),))
    assert signing(other) == ["two_roles"]
    assert signing(replace(other, may_double=True)) == []
    as_delegate = replace(WAITING, actor_id=8, principal_ids=frozenset({7}), signed=(rules.Hand("manager", 8, 8),))
    assert signing(as_delegate) == ["two_roles"]


def test_disagreement_needs_words_and_a_drawing_needs_ink():
    assert signing(WAITING, result="disagree", opinion="不对") == ["opinion"]
    assert signing(WAITING, result="disagree", opinion="金额算错了") == []
    assert signing(WAITING, result="perhaps") == ["result"]
    assert signing(WAITING, method="drawn", ink=3) == ["drawing_empty"]
    assert signing(WAITING, method="stamp") == ["method"]


@pytest.mark.clause("CC-W1.7")
@pytest.mark.parametrize(
    ("witness", "reason", "expected"),
    [
        (3, "不同意责任划分", []),
        (7, "不同意责任划分", ["witness_is_signer"]),
        (1, "不同意责任划分", ["witness_is_handler"]),
        (None, "不同意责任划分", ["witness_is_signer"]),
        (3, "不签", ["reason"]),
    ],
)
def test_a_refusal_is_seen_by_somebody_else(witness, reason, expected):
    assert codes(rules.refuse_refusal(WAITING, reason=reason, witness_id=witness)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"size": 1}, []),
        ({"size": 0}, ["empty"]),
        ({"size": rules.MAX_BYTES}, []),
        ({"size": rules.MAX_BYTES + 1}, ["too_big"]),
        ({"count": 19}, []),
        ({"count": 20}, ["too_many"]),
        ({"kind_found": ""}, ["type"]),
        ({"is_void": True}, ["void"]),
        ({"is_signed": True}, ["signed"]),
        ({"may_write": False}, ["not_yours"]),
        ({"problem": "unreadable"}, ["unreadable"]),
    ],
)
def test_what_may_hang_on_a_paper(facts, expected):
    base = {"size": 10, "kind_found": "image/jpeg", "count": 0, "is_void": False, "is_signed": False}
    assert codes(rules.refuse_upload(rules.UploadFacts(**(base | facts)))) == expected


def test_the_digest_follows_every_part():
    base = {
        "form_code": "F11",
        "number": "F11-20260302-001",
        "version": 1,
        "content": {"a": 1},
        "attachments": ["x", "y"],
    }
    first = rules.paper_digest(**base)
    assert rules.paper_digest(**(base | {"attachments": ["y", "x"]})) == first
    for change in ({"number": "F11-20260302-002"}, {"version": 2}, {"content": {"a": 2}}, {"attachments": ["x"]}):
        assert rules.paper_digest(**(base | change)) != first
