"""Printed forms: characters, markup, marks that stay, speed."""

import datetime as dt
import io
import time
from dataclasses import replace

import pytest
from django.utils import translation
from PIL import Image, ImageChops

from tests.records.papers import drawing, open_paper, photo
from zhangfa.records import files, fonts, glyphs, prints
from zhangfa.records.prints import Field, FormPrint, Grid, Photo, Photos, Prose, Rows, Sign, Tick

AT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)
INK = files.signature_of(drawing())[0]
FORM = FormPrint(
    company="试验家政", title="事故理赔处理表", number="F11-20260302-001", version=2, code="F11", late="逾期", digest="ab" * 32, at=AT,
    head=[Field("所属单位", "东网点"), Field("填表人", "章敏")],
    sections=[
        Grid([Field("客户", "㛃䶮芳"), Field("类型", [Tick("家庭", True), Tick("企业", False)]), Field("地址", "听松苑", is_wide=True)], "客户"),
        Rows(["物品", "市价"], [["台面", "1,800.00"]] * 3, "物品", numeric=[1], total=["合计", "5,400.00"]),
        Prose("处理办法", "更换台面。\n第二行"),
        Photos([Photo(photo(), "特写")] * 4, "照片"),
    ],
    signatures=[
        Sign("经办人", "signed", "章敏", "2026-03-02 10:00", "密码", "ab" * 32),
        Sign("服务员", "signed", "李秀英", "2026-03-02 10:05", "手写", "ab" * 32, drawing=INK, meaning="已阅知事实"),
        Sign("部门经理", "waiting", "陈建国"),
        Sign("网点", "refused", "王海波", "2026-03-02 11:00", reason="不同意划分", witness="周静"),
    ],
    copies=[["财务部", "1", "2026-03-02 12:00", ""]],
)  # fmt: skip


def picture(form):
    return Image.open(io.BytesIO(prints.render_png(form, ppi=60)[0])).convert("L")


def differ(one, other):
    return ImageChops.difference(picture(one), picture(other)).getbbox() is not None


def named(text):
    return FormPrint(company="甲", title="乙", sections=[Grid([Field("姓名", text)])])


def test_a_form_is_an_archivable_pdf():
    pdf = prints.render_form(FORM)
    assert pdf.startswith(b"%PDF-1.7") and b"pdfaid" in pdf
    assert prints.render_form(FORM) == pdf


def test_the_next_form_takes_milliseconds():
    prints.render_form(FORM)
    start = time.perf_counter()
    for number in range(5):
        prints.render_form(replace(FORM, number=f"F11-20260302-1{number:02d}"))
    # The budget is 50 ms; a busy machine gets four times that before the test cries.
    assert (time.perf_counter() - start) / 5 < 0.2


def test_rare_surnames_are_drawn_and_differ():
    assert {ord(char) for char in "㛃䶮喆㻬"} <= fonts.coverage()
    assert differ(named("㛃"), named("䶮"))
    prints.render_form(named("㛃䶮"), strict=True)


def test_an_emoji_becomes_a_numbered_box_with_a_note():
    printer = glyphs.Printer()
    assert printer.text("好😀了👍🏽再来😀") == "好□①了□②再来□①"
    assert printer.notes() == ["□① U+1F600 GRINNING FACE", "□② U+1F44D THUMBS UP SIGN"]
    prints.render_form(named("好😀了"))
    with pytest.raises(prints.PrintFailed, match="U\\+1F600"):
        prints.render_form(named("好😀了"), strict=True)


@pytest.mark.parametrize(
    "text", ["👨\u200d👩\u200d👧", "a\u202eb", "❤\ufe0f", "\ue000", "\U000e0041", "ก็", "e\u0301", "\ufffe"]
)
def test_no_text_breaks_a_form(text):
    assert prints.render_form(named(text)).startswith(b"%PDF")


def test_invisible_marks_are_dropped():
    assert glyphs.Printer().text("a\u202eb\u200dc\ufeff") == "abc"


def test_users_words_never_become_markup():
    evil = '#panic("x") *b* $x^2$ <script> @ref \\ `code` = head #import "@preview/x:0.1.0"'
    form = replace(FORM, sections=[Prose("说明", evil), Grid([Field(evil, evil)], evil), Rows([evil], [[evil]], evil)])
    assert prints.render_form(form, strict=True)


def test_a_long_run_stays_in_its_cell():
    text = glyphs.Printer().text("x" * 100)
    assert glyphs.BREAK in text and text.replace(glyphs.BREAK, "") == "x" * 100
    assert prints.render_form(named("x" * 3000)) and prints.render_form(named("长" * 3000))


def test_marks_on_the_paper_show():
    assert differ(FORM, replace(FORM, late=""))
    assert differ(FORM, replace(FORM, is_void=True))
    assert differ(FORM, replace(FORM, watermark="内部资料"))


def test_a_long_list_repeats_its_heading_over_the_pages():
    rows = Rows(["序号", "内容"], [[str(n), "说明" * 20] for n in range(300)], "明细", widths=[0.3, 2])
    assert len(prints.render_png(replace(FORM, sections=[rows]), ppi=20)) == 7


def test_every_row_of_the_frame_is_full():
    fields = [Field("a", "1"), Field("b", "2"), Field("c", "3"), Field("d", "4", is_wide=True), Field("e", "5")]
    cells = prints._cells(Grid(fields))
    assert [cell["span"] for cell in cells] == [1, 1, 3, 3, 3]
    assert sum(cell["span"] + 1 for cell in prints._cells(Grid(fields, pairs=3))) % 6 == 0


def test_labels_follow_the_language():
    with translation.override("en"):
        assert prints._data(FORM)[0]["lang"] == "en"
        assert prints.render_form(FORM)


def test_a_missing_font_is_said_aloud(monkeypatch):
    fonts.loaded.cache_clear()
    monkeypatch.setattr(fonts, "folders", list)
    with pytest.raises(fonts.FontMissing):
        fonts.loaded()
    fonts.loaded.cache_clear()


@pytest.mark.clause("X-3")
@pytest.mark.django_db
def test_every_copy_says_who_printed_it_and_whether_it_is_a_draft_or_void(house, form):
    record, by = open_paper(house, number=False), house.actor("cc")
    seen = prints.form_of(record, actor=by, at=AT)
    assert (seen.watermark, seen.is_void, by.name in seen.printed) == ("草稿", False, True)
    paper = open_paper(house)
    paper.status = "void"
    seen = prints.form_of(paper, actor=None, at=AT)
    assert (seen.watermark, seen.is_void, seen.printed) == ("", True, "")
