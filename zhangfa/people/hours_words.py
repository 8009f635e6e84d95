"""The table of training hours in words, for page, print and spreadsheet alike (RPT-05)."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhangfa.policy import queries as policy
from zhangfa.policy import wording

LEADING = re.compile("[，,][^，,]*$")
TONES = {"green": _("已完成"), "amber": _("按进度"), "red": _("落后")}


def quota_name(key: str) -> str:
    """The quota by its title, without the words that lead to its figure."""
    return LEADING.sub("", str(wording.title(policy.definition_of(key))))


def department(row: dict[str, Any]) -> str:
    """The department as it was called then, in the reader's language."""
    return str((row["department_name_en"] if wording.language() == "en" else "") or row["department_name"])
