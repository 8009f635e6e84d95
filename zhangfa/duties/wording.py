"""What the notices and the handbook say about duties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, gettext

from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.duties import rules
from zhangfa.duties.catalogue import DutyRow, catalogue, reasons
from zhangfa.duties.models import Occurrence
from zhangfa.notices.registry import text
from zhangfa.policy import queries as policy
from zhangfa.policy.registry import DutyLine
from zhangfa.policy.values import UNITS, count_words, plain, rhythm_words, typed
from zhangfa.policy.values import words as value_words
from zhangfa.policy.wording import post_name
from zhangfa.ui.display import when_text
from zhangfa.ui.words import join, post_names

OVERDUE = _("“%(duty)s”（%(number)s）已逾期，期限是 %(due)s。请尽快办理，已报告您的上级。")
DIGEST = _("本周您有 %(due)s 项职责到期，另有 %(overdue)s 项已逾期。")
DIGEST_DUE, DIGEST_OVERDUE = _("本周您有 %(due)s 项职责到期。"), _("本周您没有职责到期，另有 %(overdue)s 项已逾期。")
OVERDUE_MANY = _("您有 %(count)s 项职责已逾期，请尽快办理，已报告您的上级。")
ESCALATED_MANY = _("下属有 %(count)s 项职责逾期未办，请过问。")
ESCALATED = _("下属逾期未办：“%(duty)s”（%(number)s），期限是 %(due)s。请过问。")


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def name_of(key: str) -> str:
    row = catalogue().by_key.get(key)
    return (getattr(row, _lang()) or row.zh) if row else key.partition(".")[0]


def _sentence(template: str, params: Mapping[str, Any]) -> str:
    due = rules.instant(str(params["due"]).replace("Z", "+00:00"))
    return gettext(template) % {
        "duty": name_of(params["duty"]),
        "number": params["number"],
        "due": when_text(due, clock.now()) if due else "",
    }


def _digest(params: Mapping[str, Any]) -> str:
    """Nothing is said to be nought."""
    if params["due"] and params["overdue"]:
        return DIGEST
    return DIGEST_DUE if params["due"] else DIGEST_OVERDUE


text("duties.overdue", lambda params: _sentence(OVERDUE, params))
text("duties.escalated", lambda params: _sentence(ESCALATED, params))
text("duties.digest", lambda params: gettext(_digest(params)) % params)
text("duties.overdue_many", OVERDUE_MANY)
text("duties.escalated_many", ESCALATED_MANY)


text("duties.handover_begun", _("%(name)s将于 %(day)s 离任，工作交接单 %(number)s 已建立，请核对清单。"))
text("duties.handover_coming", _("您将接任%(name)s的席位，请查看工作交接单 %(number)s。"))
text("duties.handover_sign", _("工作交接单 %(number)s（移交人%(name)s）待您签字。"))
text("duties.handover_done", _("工作交接单 %(number)s（移交人%(name)s）三方已签字，交接完成。"))


def lines(post: str) -> Iterator[DutyLine]:
    """The duties of a post as the handbook shows them; those that are not watched yet say why."""
    at = clock.now()
    for row in catalogue().current(at):
        if post in row.posts:
            yield DutyLine(
                row.code, name_of(row.key), due_in_words(row, at), row.clause, "/duties/catalogue/", reason_of(row)
            )


def reason_of(row: DutyRow) -> str:
    """Why the program can't watch the duty yet; nothing where it does."""
    if row.why and row.off:
        return gettext("公司已停用：%(why)s") % {"why": row.why}
    return reasons()[row.off][_lang()] if row.off else ""


def rhythm_said(rhythm: str) -> str:
    return rhythm_words(rhythm, _lang())


def figure_title(key: str) -> str:
    return str(getattr(policy.definition_of(key), _lang()))


def made_lines(made: Mapping[str, Any]) -> Iterator[str]:
    """What a company's version says, a line for each thing."""
    due = made.get("due", {})
    if "rhythm" in due:
        yield rhythm_said(due["rhythm"])
    elif "count" in due:
        yield gettext("期限或间隔：%(count)s") % {"count": count_words(due["count"], due.get("unit", "days"), _lang())}
    if "need" in made:
        yield gettext("每期凭据：%(count)s 份") % {"count": made["need"].get("count", 1)}
    if made.get("evidence_zh"):
        yield gettext("凭据：%(evidence)s") % {"evidence": made["evidence_zh"]}
    if "post" in made:
        yield gettext("责任岗位：%(post)s") % {"post": post_name(made["post"])}
    if made.get("subject") == "seat":
        yield gettext("该岗位每个席位各办一次")
    elif made.get("subject") == "company":
        yield gettext("全公司办一次，由该岗位第一个席位负责")
    if "copies" in made:
        yield gettext("抄送：%(posts)s") % {"posts": join(post_names(tuple(made["copies"]))) or gettext("无")}
    if made.get("off"):
        yield gettext("停用")
    elif "off" in made:
        yield gettext("恢复")


def change_summary(step: Step) -> str:
    return gettext("%(title)s，%(day)s 起") % {"title": step.facts["title"], "day": step.facts["effective_from"]}


def change_why(step: Step) -> Sequence[str]:
    return (gettext("职责的修改由总经理批准，从批准后的某一天零时起，对新开始的期间生效。"),)


def due_in_words(row: DutyRow, at: dt.datetime) -> str:
    """When a duty is due, with the figure in force."""
    if row.rhythm == "plan":
        return gettext("按计划")
    if row.rhythm == "rhythm" or row.due.get("unit") == "rhythm":
        return rhythm_words(_figure(row, at) or row.due["rhythm"], _lang())
    shown = _shown(row, at)
    if row.rhythm == "days" and row.due.get("about_before"):
        return gettext("每 %(period)s一期，办理上一期的") % {"period": shown}
    if row.rhythm == "days":
        return gettext("每 %(period)s一期") % {"period": shown}
    if row.rhythm == "weeks":
        return gettext("每 %(period)s一期，期满后的周日 24:00 前") % {"period": shown}
    if row.due["unit"] == "day_end":
        return gettext("当天 24:00 前")
    if row.due.get("cap") == "day_end":
        return gettext("%(time)s内，最晚当天 24:00") % {"time": shown}
    return gettext("%(time)s内") % {"time": shown}


def _figure(row: DutyRow, at: dt.datetime) -> Any:
    return policy.value(row.due["key"], at) if "key" in row.due else None


def _shown(row: DutyRow, at: dt.datetime) -> str:
    if "key" in row.due:
        return policy.in_words(policy.figure(row.due["key"], at), _lang())
    return count_words(row.due.get("count", 0), row.due["unit"], _lang()) if row.due["unit"] in UNITS else ""


def need_in_words(row: DutyRow, at: dt.datetime) -> str:
    """How much evidence it takes, where one is not enough."""
    if "key" in row.need:
        return policy.in_words(policy.figure(row.need["key"], at), _lang())
    return count_words(row.need["count"], "times", _lang()) if row.need else ""


def progress(row: Occurrence, at: dt.datetime | None = None) -> str:
    """How much of what it takes is there, and for a quota how much should be by now."""
    if row.needed == 1 and row.counted <= 1:
        return ""
    said = gettext("%(counted)s / %(needed)s") % {"counted": plain(row.counted), "needed": plain(row.needed)}
    if row.state == Occurrence.State.EXCUSED:
        return gettext("%(said)s，已免责，不再要求") % {"said": said}
    if at is None or row.state == Occurrence.State.VOID or not row.opened_at <= at < row.due_at:
        return said
    span = {"opens_at": row.opened_at, "due_at": row.due_at, "at": at}
    facts = {"said": said, "expected": plain(rules.expected_by(needed=row.needed, **span))}
    forecast = rules.forecast(counted=row.counted, **span)
    if forecast is None:
        return gettext("%(said)s，按进度现在应有 %(expected)s") % facts
    return gettext("%(said)s，按进度现在应有 %(expected)s，照此到期末 %(forecast)s") % {
        **facts,
        "forecast": plain(forecast),
    }


def figures_of(row: Occurrence) -> list[tuple[str, str, str]]:
    """The figures as they were read when it opened: name, value, version and day."""
    found = []
    for fact in row.policy:
        definition = policy.definitions().get(fact["key"])
        if definition is not None:
            shown = value_words(definition.kind, definition.unit, typed(definition.kind, fact["value"]), _lang())
            since = gettext("第 %(version)s 版，%(day)s 起") % {
                "version": fact["version"],
                "day": fact["effective_from"],
            }
            found.append((getattr(definition, _lang()), shown, since))
    return found


def excuse_summary(step: Step) -> str:
    """One line for the inbox: which duty, which period."""
    return gettext("%(duty)s（%(period)s）") % {"duty": name_of(step.facts["duty"]), "period": step.facts["period"]}


def excuse_why(step: Step) -> Sequence[str]:
    return (gettext("免责由责任人的上级批准，本人不能批准自己的申请。"),)
