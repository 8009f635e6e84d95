"""Lists as xlsx: never a formula, watermarked, limited, logged."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from tests.houses import MONDAY
from zhangfa.core.decisions import Refused
from zhangfa.records import exports
from zhangfa.records.exports import Column, Sheet
from zhangfa.records.models import Export

pytestmark = pytest.mark.django_db
COLUMNS = [Column("编号"), Column("金额", "money"), Column("日期", "date"), Column("时间", "when")]
ROW = ["T1-1", Decimal("1800.00"), dt.date(2026, 3, 2), MONDAY]


def write(house, rows, **more):
    sheet = Sheet(
        "案件" + ": [一]/" + "二", COLUMNS, rows, total=["合计", Decimal("1800.00")], notes=[("口径", "全部")]
    )
    return exports.write(
        [sheet, sheet], subject="claims.case", by=house.actor("cs"), at=MONDAY, filters="状态=未结", **more
    )


def test_rows_come_out_as_they_are(house):
    book = CalamineWorkbook.from_filelike(io.BytesIO(write(house, [ROW])))
    assert book.sheet_names == ["案件 一二", "案件 一二 2", "说明"]
    lines = book.get_sheet_by_index(0).to_python()
    assert lines[2] == ["编号", "金额", "日期", "时间"]
    assert lines[3] == ["T1-1", 1800.0, dt.date(2026, 3, 2), MONDAY.replace(tzinfo=None)]
    about = dict(line[:2] for line in book.get_sheet_by_name("说明").to_python())
    assert about["筛选"] == "状态=未结" and about["口径"] == "全部" and "人cs" in about["导出"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "http://x.example", "a\x00b\x0b"]
)
def test_no_cell_is_a_formula_or_a_link(house, text):
    data = write(house, [[text, None, None, None]])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "<hyperlink" not in sheet
    cell = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[3][0]
    assert cell == exports.clean_cell(text)


def test_the_watermark_and_the_log_name_the_person(house):
    data = write(house, [ROW], is_masked=False)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert any(name.startswith("xl/media/") for name in archive.namelist())
    assert "人cs" in sheet and "<picture" in sheet
    row = Export.objects.get()
    assert (row.person_id, row.rows, row.is_masked, row.filters) == (house.people["cs"].pk, 2, False, "状态=未结")


def test_a_list_beyond_the_limit_says_so(house):
    with pytest.raises(Refused) as caught:
        write(house, ([n, None, None, None] for n in range(11)), limit=10)
    assert caught.value.refusals[0].code == "too_many_rows"
    assert not Export.objects.exists()
