"""What an import may do, and what its file must be."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "CS-W2.1"
KEEP_DAYS = "imports.keep_days"
LARGEST = 200 * 2**20
MOST_ROWS = 2_000_000
CHOICES = ("skip", "fill", "new")
KINDS = ("xlsx", "xls", "csv")
NOT_A_LIST = {
    "": _("只能导入 xlsx、xls 或 csv 表格，这个文件的内容不是。"), "blank": _("文件里没有内容。"),
    "web": _("这个文件其实是网页，不是表格。请用 Excel 或 WPS 打开，另存为 xlsx 再上传。"),
}  # fmt: skip
UNREADABLE = {
    "": _("文件打不开，可能已损坏。请用 Excel 或 WPS 打开，另存为 xlsx 或 csv 再上传。"),
    "locked": _("文件设了密码，打不开。请去掉密码，另存后再上传。"),
    "blank": _("表格里没有内容。请看看数据是不是在另一个文件里。"),
    "heading": _("表格里只有表头，没有数据。请填好数据再上传。"),
}


def refuse_file(*, size: int, kind: str, is_known: str = "") -> Iterator[Refusal]:
    """A workbook or a list of comma-separated values, not empty, not larger than can be kept."""
    if size == 0:
        yield Refusal("import.empty", _("文件是空的。"), {}, CLAUSE, "file")
    elif size > LARGEST:
        yield Refusal(
            "import.big", _("文件超过 %(limit)s MB，请拆成几份。"), {"limit": LARGEST // 2**20}, CLAUSE, "file"
        )
    elif kind not in KINDS:
        yield Refusal("import.kind", NOT_A_LIST.get(kind, NOT_A_LIST[""]), {}, CLAUSE, "file")


def refuse_mapping(
    *, required: Collection[str], mapped: Collection[str], doubled: Collection[str], names: dict[str, str], source: str,
    asks_source: bool,
) -> Iterator[Refusal]:  # fmt: skip
    """Every field that a row must have comes from a column or is the same for all rows; a field comes from one column."""
    for name in required:
        if name not in mapped:
            yield Refusal(
                "import.missing", _("还没有说明“%(field)s”在哪一列，或对所有行是什么。"), {"field": names[name]}, CLAUSE
            )
    for name in doubled:
        yield Refusal("import.doubled", _("“%(field)s”选了不止一列。"), {"field": names[name]}, CLAUSE)
    if asks_source and len(source.strip()) < 4:
        yield Refusal(
            "import.source",
            _("请写明数据从哪里来、客户凭什么知道并同意（例如：2024 年纸质服务合同，合同第 6 条）。"),
            {},
            "HS-D10",
            "source",
        )


def refuse_apply(*, ready: int) -> Iterator[Refusal]:
    """There must be something to write."""
    if ready == 0:
        yield Refusal("import.nothing", _("没有可以写入的行。"), {}, CLAUSE)


def refuse_undo(*, applied: int, is_purged: bool) -> Iterator[Refusal]:
    """What was written can be taken back while its staging is kept."""
    if applied == 0:
        yield Refusal("import.unapplied", _("还没有写入任何行。"), {}, CLAUSE)
    if is_purged:
        yield Refusal("import.purged", _("保留期已过，明细已清除，不能再撤销。"), {}, CLAUSE)


def refuse_upload_again(*, rows: int, known: int) -> Iterator[Refusal]:
    """A mended list names the rows that it mends."""
    if rows == 0 or known == 0:
        yield Refusal(
            "import.mended",
            _("没有找到“行号”列，或行号与本次导入不符。请用下载的错误表修改后上传。"),
            {},
            CLAUSE,
            "file",
        )
