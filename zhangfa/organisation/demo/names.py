"""Invented names, numbers and places; no real person, company or address stands here (domain.md 5.8)."""

from __future__ import annotations

import random
from functools import lru_cache

# The commonest surnames weigh most; the rare ones at the end keep fonts, search and forms honest.
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
RARE = ["单", "解", "仇", "区", "查", "盖", "冼", "翟", "缪", "宓", "逄", "欧阳", "诸葛", "㛃", "䶮"]
GIVEN_F = "敏静丽娟霞秀芳英玲桂兰燕红梅艳莉萍珍凤洁琴云莲春菊翠雪月香晓岚婷雅惠蓉琳佩瑶珊茜黛荷曼苓芸沁禾苒"
GIVEN_M = "伟强磊军洋勇杰涛明超刚平辉斌波鹏浩宇亮峰建国志文海林松健栋凯晨毅锐恒砚衡屿昊"
RARE_GIVEN = ["㛃", "䶮", "喆", "堃", "翀", "赟", "昇", "旻"]

OUTLETS = [
    ("枫屿网点", "Fengyu outlet"), ("栖禾网点", "Qihe outlet"), ("砚溪网点", "Yanxi outlet"), ("鹿苎网点", "Luzhu outlet"),
    ("云笸网点", "Yunpo outlet"), ("桐砾网点", "Tongli outlet"), ("汐渚网点", "Xizhu outlet"), ("蓼塘网点", "Liaotang outlet"),
    ("榆坞网点", "Yuwu outlet"), ("荻港湾网点", "Digangwan outlet"), ("杉陌网点", "Shanmo outlet"), ("芡湖网点", "Qianhu outlet"),
]  # fmt: skip
SITES = [("岚栈大厦驻点", "Lanzhan Tower site"), ("穗屏产业园驻点", "Suiping Park site"), ("鹊汀医养院驻点", "Queting Care site"),
         ("澄笕学校驻点", "Chengjian School site")]  # fmt: skip
REGIONS = [
    ("汐岸区域", "Xi'an Bank region"),
    ("岚北区域", "Lanbei region"),
    ("砾东区域", "Lidong region"),
    ("禾南区域", "Henan Field region"),
]
COMPOUNDS = [
    "听澜砚苑", "枫屿里", "栖禾苑", "砚溪里", "桐砾家园", "云笸小区", "鹿苎花园", "汐渚新村", "蓼塘雅筑", "榆坞小区", "荻湾名邸", "杉陌公寓",
    "芡湖一品", "穗屏苑", "澄笕坊", "鹊汀庭", "岚栈公馆", "禾砚街道", "苇桥街道", "青簏里",
]  # fmt: skip
FIRMS = ["禾砾", "岚栈", "穗屏", "澄笕", "鹊汀", "云笸", "桐砚", "汐荻", "榆苎", "蓼渚", "砚鹿", "枫笕"]
TRADES = [
    "信息技术有限公司",
    "贸易有限公司",
    "医疗器械有限公司",
    "建筑设计有限公司",
    "教育咨询有限公司",
    "物流有限公司",
]
INSTITUTIONS = ["小学", "幼儿园", "养护院", "图书馆", "卫生服务站"]


@lru_cache(maxsize=4096)
def _syllable(char: str) -> str:
    from pypinyin import lazy_pinyin

    return lazy_pinyin(char)[0]


def english(name: str) -> str:
    """A Chinese name in pinyin, surname first: Zhang Xiaomin."""
    head = 2 if name[:2] in RARE else 1
    parts = ["".join(_syllable(char) for char in part) for part in (name[:head], name[head:])]
    return " ".join(part.capitalize() for part in parts if part)


def person(rng: random.Random, female: float) -> str:
    """An invented name; one in forty is rare."""
    surname = (
        rng.choice(RARE) if rng.random() < 0.025 else SURNAMES[min(int(rng.expovariate(1 / 22)), len(SURNAMES) - 1)]
    )
    pool = GIVEN_F if rng.random() < female else GIVEN_M
    given = rng.choice(pool) + (rng.choice(pool) if rng.random() < 0.6 else "")
    if rng.random() < 0.02:
        given = rng.choice(RARE_GIVEN)
    return surname + given


def phone(n: int) -> str:
    """The n-th mobile number of the unassigned prefix 154, scattered; different for every n below 10^8."""
    return f"154{(n * 70_921_337 + 31_415_926) % 10**8:08d}"
