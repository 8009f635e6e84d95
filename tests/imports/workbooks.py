"""Workbooks as companies keep them: titles above, two-line headings, totals below, dates and telephones in every shape."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from tests.houses import MONDAY
from zhangfa.imports import actions
from zhangfa.imports.actions.turns import Turns
from zhangfa.imports.actions.uploading import keep_file
from zhangfa.imports.models import Import
from zhangfa.imports.targets import TARGETS

HEADS = ["序号", "客户姓名", "联系电话", "详细地址", "所属门店", "登记日期", "备注"]
CUSTOMERS = [
    [1, "王小明", 13800001111.0, "听松苑3幢402", "east单位", "2024年3月5日", "怕狗"],
    [2, "李 静", "138 0000 2222", "枫屿里12号601室", "east单位", "2024.3.6", ""],
    [3, "赵大钱", "１３８－００００－３３３３", "听松苑 5幢 101", "west单位", 45357, ""],
    ["", "", "", "", "", "", ""],
    [4, "宁波海风酒店", "0574-87654321", "江东北路 99 号", "west", "2024/3/8", "月结"],
    [5, "王小明", "13800001111", "听松苑3幢402", "east单位", "3/9", ""],
    [6, "错电话", "没有", "听松苑1幢1", "east单位", "20240310", ""],
    [7, "没网点", "13800004444", "听松苑1幢2", "城东店", "2024-03-11", ""],
    ["合计", "", "", "", "", "", "7 户"],
]


def xlsx(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    book.close()
    return out.getvalue()


def messy_customers(rows: list[list[Any]] | None = None) -> bytes:
    """A merged title, a line of who made it, then the heading."""
    top = [["试验家政客户名单（2024）"], ["制表：小张", "", "", "2024-12-31"], HEADS]
    return xlsx(("客户", top + (rows or CUSTOMERS)), ("说明", [["本表由各门店汇总"]]))


def brought(house: Any, data: bytes, target: str = "customers", by: str = "cs", name: str = "名单.xlsx") -> Import:
    return actions.upload(keep_file(data, name=name), target=target, by=house.actor(by), at=MONDAY)


def guessed(batch: Import) -> dict[str, str]:
    """The proposed columns."""
    best = max(batch.shape["sheets"], key=lambda one: (one["score"], one["height"]))
    return {n: guess[0] for n, guess in best["guesses"].items()}


def work_off(batch: Import, at: Any = MONDAY) -> Import:
    """Do what the worker would."""
    turns = Turns()
    while actions.step(batch.pk, at=at, turns=turns):
        pass
    return Import.objects.get(pk=batch.pk)


def checked(house: Any, batch: Import, by: str = "cs", **more: Any) -> Import:
    best = max(batch.shape["sheets"], key=lambda one: (one["score"], one["height"]))
    facts: dict[str, Any] = {
        "columns": guessed(batch), "constants": {}, "sheets": [best["name"]], "on_known": "skip", "year": 2024,
        "source": "2024 年纸质服务合同，合同第 6 条" if TARGETS[batch.target].asks_source else "",
    }  # fmt: skip
    return work_off(actions.check(batch, by=house.actor(by), at=MONDAY, **(facts | more)))


def written(house: Any, batch: Import, by: str = "cs") -> Import:
    return work_off(actions.apply(batch, by=house.actor(by), at=MONDAY))


def undone(house: Any, batch: Import, by: str = "cs", at: Any = MONDAY) -> Import:
    planned = work_off(actions.plan_undo(batch, by=house.actor(by, at), at=at), at)
    return work_off(actions.undo(planned, by=house.actor(by, at), at=at), at)
