"""What people, programs and enemies type into fields."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

# How many single fields are tried per form: few with a fixed seed in CI, many by hand.
EXAMPLES = int(os.environ.get("ZHANGFA_FUZZ", "6"))
SEED = 20260302
BLANK, SPACES, FULL_SPACES = "", "   ", "\u3000\u3000"
LONG = "长" * 10_001
NUL, LONE = "前\x00后", "前\ud800后"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Text that is kept as it is typed.
GOOD_TEXT = (
    "<script>alert(1)</script>", "{{7*7}}{% now %}${7*7}", "🏠👵🏽‍🦳", "㛃䶮", "𠮷野家", "欧阳" * 20, "O’Brien & \"Söhne\" <b>", "\u202eתירבע\u202c",
    "' OR 1=1 --", "=HYPERLINK(\"http://x\")", "../../etc/passwd", "%s %(name)s %d", "-1", "0", "null",
)  # fmt: skip
BAD_TEXT = (NUL, "铃\x07声", LONG)
NOT_NUMBERS = (
    "abc",
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "1e-400",
    "9" * 40,
    "-5",
    "0x10",
    "1,2,3.4.5",
    "十二",
    "1.234567",
    "--1",
)
NOT_DATES = ("0000-01-01", "10000-01-01", "2026-02-30", "昨天", "2026-03-02T25:61", "99999999999999999999", "-1", "<b>")
LIMITS_OF_TIME = ("0001-01-01", "0001-01-01T00:00", "9999-12-31", "9999-12-31T23:59")
EVERYTHING = (BLANK, SPACES, FULL_SPACES, *BAD_TEXT, LONE, *GOOD_TEXT, *NOT_NUMBERS, *NOT_DATES, *LIMITS_OF_TIME)


def body(pairs: dict[str, object]) -> bytes:
    """A form as a browser would send it; lone surrogates travel as the bytes that no decoder takes."""
    flat = [(key, one) for key, value in pairs.items() for one in (value if isinstance(value, list) else [value])]
    return "&".join(
        f"{quote(key, safe='')}={quote(str(one), safe='', errors='surrogatepass')}" for key, one in flat
    ).encode()


def arrived(value: str) -> str:
    """The value as the server reads it."""
    return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
