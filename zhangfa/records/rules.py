"""What may hang on a paper and who may sign it: pure rules over plain facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhangfa.core.canonical import canonical, digest
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

MAX_FILES = 20
MAX_BYTES = 20 * 1024 * 1024
MIN_REASON = 2
MIN_OPINION = 5
MIN_INK = 60  # dark pixels of a drawing brought to 600 × 200


@dataclass(frozen=True)
class Hand:
    """One role already signed on the same version: by whom in name, and by whose hand."""

    role: str
    signer_id: int | None
    hand_id: int | None


@dataclass(frozen=True)
class SigningFacts:
    """What the signing rule needs to know of a paper, a role and the person who would sign."""

    state: str
    is_void: bool
    is_numbered: bool
    signer_id: int | None
    signer_has_login: bool
    actor_id: int | None
    principal_ids: frozenset[int] = frozenset()
    holds_post: bool = False
    handler_ids: frozenset[int] = frozenset()
    signed: tuple[Hand, ...] = ()
    may_double: bool = False
    signer_grade: int = 0
    actor_grade: int = 0
    is_at_hand: bool = False


def manner_of(facts: SigningFacts, method: str) -> str:
    """How the person signs: for themselves, as a delegate, or a worker's hand on the handler's device.

    Empty where none of these holds. Someone without a login signs by drawing, the handler present; so does anybody in a
    role that is signed on the spot.
    """
    if facts.actor_id is None:
        return ""
    if facts.signer_id is None:
        return "self" if facts.holds_post else ""
    if facts.signer_id == facts.actor_id:
        return "self"
    if facts.signer_id in facts.principal_ids:
        return "delegate"
    is_by_hand = facts.is_at_hand or not facts.signer_has_login
    if method == "drawn" and is_by_hand and facts.actor_id in facts.handler_ids:
        return "presence"
    return ""


def is_in_presence(facts: SigningFacts) -> bool:
    """The signer has no login of their own here: the handler hands them the device, and only a drawn name counts."""
    return manner_of(facts, "password") == "" and manner_of(facts, "drawn") == "presence"


def refuse_sign(
    facts: SigningFacts, *, method: str, is_verified: bool, result: str, opinion: str, ink: int
) -> Iterator[Refusal]:
    """Who may sign a role now, and with what (domain.md 4.0 SGN, A-22)."""
    yield from refuse_role(facts, method=method)
    if method not in ("password", "drawn"):
        yield Refusal("method", _("请选择签字方式：密码或手写。"), field="method")
    if method == "password" and not is_verified:
        yield Refusal("password", _("密码不对，没有签字。"), field="password")
    if method == "drawn" and ink < MIN_INK:
        yield Refusal("drawing_empty", _("请先手写签名再提交。"), field="drawing")
    if result not in ("agree", "disagree"):
        yield Refusal("result", _("请选择同意或不同意。"), field="result")
    if result == "disagree" and len(opinion) < MIN_OPINION:
        yield Refusal(
            "opinion", _("不同意时请写明意见，至少 %(count)s 个字。"), {"count": MIN_OPINION},
            field="opinion",
        )  # fmt: skip


def refuse_role(facts: SigningFacts, *, method: str = "drawn") -> Iterator[Refusal]:
    """Whether the person has anything to sign in this role; the button asks this, by the wider way."""
    if facts.is_void:
        yield Refusal("void", _("此单据已作废，不能再签字。"))
        return
    if not facts.is_numbered:
        yield Refusal("not_handed_in", _("单据还没有提交编号，不能签字。"))
        return
    if facts.state != "waiting":
        yield Refusal("not_waiting", _("这一签字栏已经处理过，不需要再签。"))
        return
    manner = manner_of(facts, method)
    # The drawn way is open to the handler of somebody without a login, so ask for it before refusing.
    if not manner and not manner_of(facts, "drawn"):
        yield Refusal("not_signer", _("这一栏不由您签字。"))
        return
    if not manner:
        yield Refusal("drawn_only", _("对方没有登录账号，请当面用手写方式签字。"), field="method")
    if facts.may_double:
        return
    signer = facts.signer_id if facts.signer_id is not None else facts.actor_id
    hand = facts.actor_id if manner != "presence" else signer
    people = {p for p in (signer, hand) if p is not None}
    for other in facts.signed:
        if people & {other.signer_id, other.hand_id}:
            yield Refusal("two_roles", _("同一个人不能在一张表上签两个栏目。"), clause="CC-W1.7")
            return


def refuse_refusal(facts: SigningFacts, *, reason: str, witness_id: int | None) -> Iterator[Refusal]:
    """A refusal to sign counts as served when somebody else saw it and says why (A-22)."""
    if facts.is_void:
        yield Refusal("void", _("此单据已作废，不能再签字。"))
        return
    if facts.state != "waiting":
        yield Refusal("not_waiting", _("这一签字栏已经处理过，不需要再签。"))
        return
    if facts.signer_id is None:
        yield Refusal("no_signer", _("还没有确定由谁签字，不能登记拒签。"), clause="CC-W1.7")
    if witness_id is None or witness_id == facts.signer_id:
        yield Refusal("witness_is_signer", _("拒签须由签字人以外的人见证。"), field="witness", clause="CC-W1.7")
    elif witness_id in facts.handler_ids:
        yield Refusal(
            "witness_is_handler", _("经办人不能为自己经办的单据见证拒签。"), field="witness",
            clause="CC-W1.7",
        )  # fmt: skip
    elif facts.actor_grade < facts.signer_grade:
        # A refusal lets the paper go on without the name: nobody may set aside a superior's name.
        yield Refusal("witness_below", _("拒签须由职级不低于签字人的人见证。"), field="witness", clause="CC-W1.7")
    if len(reason) < MIN_OPINION:
        yield Refusal(
            "reason", _("请写明拒签的理由，至少 %(count)s 个字。"), {"count": MIN_OPINION},
            field="reason", clause="CC-W1.7",
        )  # fmt: skip


@dataclass(frozen=True)
class UploadFacts:
    """A file and the paper it would hang on."""

    size: int
    kind_found: str
    count: int
    is_void: bool
    is_signed: bool
    may_write: bool = True
    problem: str = ""
    name: str = field(default="")


UNREADABLE = {
    "unreadable": _("“%(name)s”打不开，可能已损坏，请重新拍摄或选择。"),
    "too_many_pixels": _("“%(name)s”的尺寸过大，请用手机的普通照片模式重新拍摄。"),
}


def refuse_upload(facts: UploadFacts) -> Iterator[Refusal]:
    """Which files a paper takes: jpg, png, webp, heic, pdf, mp4; 20 files of 20 MB (4.0 HDR)."""
    named = {"name": facts.name}
    if facts.is_void:
        yield Refusal("void", _("此单据已作废，不能再添加附件。"))
    if not facts.may_write:
        yield Refusal("not_yours", _("您只能查看这张单据，不能添加附件。"))
    if facts.is_signed:
        yield Refusal("signed", _("已有人签字，附件不能再增减；确需补充时请先作废签字后重新签署。"))
    if facts.count >= MAX_FILES:
        yield Refusal("too_many", _("一张单据最多 %(count)s 个附件。"), {"count": MAX_FILES}, field="files")
    if facts.size == 0:
        yield Refusal("empty", _("“%(name)s”是空文件。"), named, field="files")
    elif facts.size > MAX_BYTES:
        yield Refusal(
            "too_big", _("“%(name)s”超过 %(limit)s MB。"),
            {**named, "limit": MAX_BYTES // 1024 // 1024}, field="files",
        )  # fmt: skip
    elif not facts.kind_found:
        yield Refusal(
            "type", _("“%(name)s”不是可以上传的类型；可上传照片（jpg、png、webp、heic）、pdf 和 mp4。"),
            named, field="files",
        )  # fmt: skip
    elif facts.problem:
        yield Refusal(facts.problem, UNREADABLE[facts.problem], named, field="files")


def refuse_removal(*, is_handed_in: bool, is_own: bool) -> Iterator[Refusal]:
    """An attachment leaves a paper only while the paper is still being written."""
    if is_handed_in:
        yield Refusal("handed_in", _("单据已提交，附件不能删除，只能补充。"))
    if not is_own:
        yield Refusal("not_yours", _("只有上传人和经办人可以删除这个附件。"))


def refuse_reveal(*, reason: str) -> Iterator[Refusal]:
    """Whoever opens an original or a hidden value says why (quality.md, personal data)."""
    if len(reason) < MIN_REASON:
        yield Refusal("reason", _("请写明查看原件的理由。"), field="reason")


def paper_digest(
    *, form_code: str, number: str | None, version: int, content: Mapping[str, Any],
    attachments: Sequence[str],
) -> str:  # fmt: skip
    """The digest that a signature stands for: fields, number, version and attachment hashes."""
    text = canonical(
        {
            "form": form_code,
            "number": number or "",
            "version": version,
            "content": dict(content),
            "attachments": sorted(attachments),
        }
    )
    return digest(text)


def number_for(form_code: str, day: dt.date, seq: int) -> str:
    """`F11-20260401-007`: code, day in Shanghai, place of the day."""
    return f"{form_code}-{day:%Y%m%d}-{seq:03d}"
