"""What a closed case asks for: a rule or the manager's word that none is needed, and a lesson without names (CC-W2.1, CC-W2.2)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

SHORTEST = 5
PHONE = re.compile(r"1[3-9]\d{9}")
CALLED = ("先生", "女士", "小姐", "阿姨", "师傅", "太太", "老师")  # forms of address, as data
SEPARATORS = re.compile(r"[\s\-（）()·,，。、]")
MOST_QUESTIONS, MOST_PICTURES, FULL_MARKS = 10, 6, 100


def refuse_waiver(*, nature: str, has_rule: bool, reason: str, is_waiting: bool, is_waived: bool) -> Iterator[Refusal]:
    """A common cause always makes a rule; a special one may go without, with a reason and the manager's approval (A-11)."""
    if nature == "systemic":
        yield Refusal("waiver.systemic", _("普遍性原因必须出台制度，不能免除。"), {}, "CC-W2.1")
    if has_rule:
        yield Refusal("waiver.drafted", _("这起案件已经起草了制度。"), {}, "CC-W2.1")
    if is_waiting or is_waived:
        yield Refusal("waiver.asked", _("不出台制度的申请已经提交。"), {}, "CC-W2.1")
    if len(reason.strip()) < SHORTEST:
        yield Refusal(
            "waiver.reason",
            _("请写明为什么不需要制度（至少 %(count)s 个字）。"),
            {"count": SHORTEST},
            "CC-W2.1",
            "reason",
        )


def _flat(text: str) -> str:
    return SEPARATORS.sub("", text).lower()


def names_in(text: str, names: Iterable[str]) -> str:
    """The first known name that stands in the text, also as a surname with a form of address; empty if none does."""
    flat = _flat(text)
    for name in names:
        plain = _flat(name)
        if len(plain) < 2:
            continue
        if plain in flat or any(f"{plain[0]}{word}" in flat for word in CALLED if "\u4e00" <= plain[0] <= "\u9fff"):
            return name
    return ""


def digits_in(text: str, phones: Iterable[str]) -> bool:
    """Whether a known number, or anything that looks like a mobile number, stands in the text."""
    flat = "".join(char for char in text if char.isdigit() or char.isalpha())
    known = ["".join(c for c in phone if c.isdigit()) for phone in phones]
    return bool(PHONE.search(flat)) or any(len(number) >= 5 and number in flat for number in known)


def refuse_identifying(
    texts: Mapping[str, str], *, names: Sequence[str], phones: Sequence[str], places: Sequence[str]
) -> Iterator[Refusal]:
    """F14: no name, number or address of the case stands in the training material."""
    for field, text in texts.items():
        if names_in(text, names):
            yield Refusal("study.name", _("这里写了当事人的姓名或称呼，请改成“客户”“服务员”。"), {}, "CC-W2.2", field)
        if digits_in(text, phones):
            yield Refusal("study.phone", _("这里写了电话号码，请删去。"), {}, "CC-W2.2", field)
        flat = _flat(text)
        if any(len(_flat(place)) >= 2 and _flat(place) in flat for place in places):
            yield Refusal("study.place", _("这里写了当事人的住址或小区，请删去。"), {}, "CC-W2.2", field)


def refuse_study(*, texts: Mapping[str, str], posts: Sequence[str], checkpoints: Sequence[str]) -> Iterator[Refusal]:
    """The material says what happened, why, what is right, and what to look at (F14)."""
    for field, text in texts.items():
        if len(text.strip()) < SHORTEST:
            yield Refusal("study.short", _("请写清楚，至少 %(count)s 个字。"), {"count": SHORTEST}, "CC-W2.2", field)
    if not checkpoints:
        yield Refusal("study.points", _("请写预防要点，一行一条。"), {}, "CC-W2.2", "checkpoints")
    if not posts:
        yield Refusal("study.posts", _("请选择哪些岗位要学习。"), {}, "CC-W2.2", "posts")


def refuse_picture(*, caption: str, is_confirmed: bool, pictures: int, is_present: bool) -> Iterator[Refusal]:
    """A picture enters the lesson only when a person has looked at it and says that it shows nobody (F14)."""
    if is_present:
        yield Refusal("picture.again", _("这张照片已经在资料里。"), {}, "CC-W2.2", "photo")
    elif pictures >= MOST_PICTURES:
        yield Refusal("picture.many", _("最多放 %(count)s 张图片。"), {"count": MOST_PICTURES}, "CC-W2.2", "photo")
    if len(caption.strip()) < 2:
        yield Refusal("picture.caption", _("请写明图片说明什么。"), {}, "CC-W2.2", "caption")
    if not is_confirmed:
        yield Refusal(
            "picture.unconfirmed", _("请看清图片，确认没有人脸、姓名、门牌、车牌等能认出当事人的内容；有的话换一张。"), {}, "CC-W2.2", "is_anonymous"
        )  # fmt: skip


def refuse_plan(*, today: dt.date, train_by: dt.date | None, pictures: int, are_checked: bool) -> Iterator[Refusal]:
    """Released, the lesson says by when it is learnt; a second person has looked at its pictures."""
    if train_by is not None and train_by < today:
        yield Refusal("study.train_by", _("学完的日期不能早于今天。"), {}, "CC-W2.2", "train_by")
    if pictures and not are_checked:
        yield Refusal(
            "study.pictures", _("资料里有 %(count)s 张图片，请逐张核对没有人脸和客户信息。"), {"count": pictures}, "CC-W2.2", "pictures_checked"
        )  # fmt: skip


def refuse_session(*, is_released: bool, owed: int, pass_score: int) -> Iterator[Refusal]:
    """A session is planned for a released lesson, as long as somebody still has to study it."""
    if not is_released:
        yield Refusal("session.draft", _("资料发布后才能安排培训。"), {}, "CC-W2.2")
    elif not owed:
        yield Refusal("session.nobody", _("需要学习的人都学完了。"), {}, "CC-W2.2")
    if not 0 <= pass_score <= FULL_MARKS:
        yield Refusal("session.score", _("及格分在 0 到 100 之间。"), {}, "CC-W2.2", "pass_score")


def has_passed(*, has_test: bool, score: int | None, pass_score: int) -> bool:
    """Being there is enough without a test; with one, so are the marks that the plan asks for."""
    return not has_test or (score is not None and score >= pass_score)


def quiz_of(text: str) -> list[dict[str, object]]:
    """Questions as typed: the question, then its options, one a line, the right one marked with *; an empty line between."""
    found: list[dict[str, object]] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if not lines:
            continue
        options = [line.lstrip("*＊ ").strip() for line in lines[1:]]
        right = [n for n, line in enumerate(lines[1:]) if line[0] in "*＊"]
        found.append({"question": lines[0], "options": options, "answer": right[0] if len(right) == 1 else -1})
    return found


def refuse_quiz(quiz: Sequence[Mapping[str, object]]) -> Iterator[Refusal]:
    """Every question has at least two options, one of them right."""
    if len(quiz) > MOST_QUESTIONS:
        yield Refusal("quiz.many", _("最多 %(count)s 道考题。"), {"count": MOST_QUESTIONS}, "CC-W2.2", "quiz")
    for one in quiz:
        options = one["options"]
        assert isinstance(options, list)
        if len(options) < 2 or len(set(options)) != len(options) or one["answer"] == -1:
            yield Refusal(
                "quiz.shape", _("每道题先写题目，下面一行一个选项（至少两个），正确的一项前面加 *；题与题之间空一行。"), {}, "CC-W2.2", "quiz"
            )  # fmt: skip
            return


def quiz_text(quiz: Sequence[Mapping[str, object]]) -> str:
    """The questions as they are typed."""
    blocks = []
    for one in quiz:
        options = one["options"]
        assert isinstance(options, list)
        marked = [f"* {text}" if n == one["answer"] else str(text) for n, text in enumerate(options)]
        blocks.append("\n".join([str(one["question"]), *marked]))
    return "\n\n".join(blocks)
