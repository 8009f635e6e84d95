"""The demo company's price list (domain.md 5.2): pure data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """A product with its list price, and how the demo sells it: usual quantity, hours on site, share of orders in per mille, people."""

    code: str
    name: str
    name_en: str
    category: str
    unit: str
    price: str
    quantity: int = 1
    hours: float = 2
    share: int = 0
    crew: int = 1


OFFERS = (
    Offer("HC01", "日常保洁", "Regular cleaning", "cleaning", "小时·人", "55", 3, 3, 510),
    Offer("HC02", "周保洁套餐", "Weekly cleaning plan", "cleaning", "月", "600", 1, 3, 180),
    Offer("HC03", "保洁年卡", "Annual cleaning card", "cleaning", "张", "6480"),
    Offer("HC04", "企业团购卡", "Corporate cleaning card", "cleaning", "张", "1500"),
    Offer("DC01", "深度保洁", "Deep cleaning", "cleaning", "平方米", "9", 100, 5, 60, 2),
    Offer("DC02", "开荒保洁", "Post-renovation cleaning", "cleaning", "平方米", "8", 110, 7, 20, 3),
    Offer("WN01", "擦窗", "Window cleaning", "cleaning", "平方米", "13", 20, 4, 60),
    Offer("WN02", "高空外窗", "Windows at height", "cleaning", "平方米", "6", 300, 8, 1, 3),
    Offer("AP01", "中式油烟机清洗", "Range hood, Chinese style", "appliance", "台", "198", 1, 2, 30),
    Offer("AP02", "欧式油烟机清洗", "Range hood, European style", "appliance", "台", "258", 1, 2.5, 20),
    Offer("AP03", "空调挂机清洗", "Wall air conditioner", "appliance", "台", "118", 2, 1.6, 30),
    Offer("AP04", "空调柜机清洗", "Cabinet air conditioner", "appliance", "台", "218", 1, 1.2, 7),
    Offer("AP05", "中央空调风口清洗", "Ducted air-conditioner outlet", "appliance", "个", "150", 4, 2.8, 3),
    Offer("AP06", "波轮洗衣机清洗", "Top-loading washing machine", "appliance", "台", "158", 1, 2, 12),
    Offer("AP07", "冰箱清洗", "Refrigerator", "appliance", "台", "178", 1, 1.5, 6),
    Offer("AP08", "热水器清洗", "Water heater", "appliance", "台", "168", 1, 1.5, 7),
    Offer("FC01", "布艺沙发清洗", "Fabric sofa", "things", "座", "60", 4, 2, 5),
    Offer("FC02", "真皮沙发养护", "Leather care", "things", "座", "90", 4, 2.5, 2),
    Offer("FC03", "地毯清洗", "Carpet", "things", "平方米", "18", 15, 2, 3),
    Offer("FC04", "床垫除螨", "Mattress mite removal", "things", "张", "150", 2, 1, 4),
    Offer("FC05", "窗帘清洗", "Curtains", "things", "平方米", "12", 25, 1, 2),
    Offer("SF01", "地板打蜡", "Floor waxing", "things", "平方米", "6", 80, 4, 4, 2),
    Offer("SF02", "石材结晶", "Stone crystallisation", "things", "平方米", "14", 60, 6, 3, 2),
    Offer("AR01", "除甲醛", "Formaldehyde removal", "air", "平方米", "32", 100, 5, 3, 2),
    Offer("AR02", "室内消毒", "Indoor disinfection", "air", "平方米", "3", 100, 1.5, 5),
    Offer("OR01", "收纳整理", "Organising", "daily", "小时·人", "150", 8, 4, 3, 2),
    Offer("CK01", "做饭", "Cooking", "daily", "小时", "50", 2, 2, 7),
    Offer("PT01", "宠物接送代办", "Errands", "daily", "次", "60", 1, 1, 5),
    Offer("CR01", "住家保姆", "Live-in helper", "care", "月", "6500"),
    Offer("CR02", "不住家保姆", "Live-out helper", "care", "月", "5600"),
    Offer("CR03", "月嫂（四星）", "Maternity matron, four stars", "care", "26 天", "12800"),
    Offer("CR04", "育儿嫂", "Childcare", "care", "月", "8200"),
    Offer("CR05", "居家养老（半失能）", "Elder care, half dependent", "care", "月", "7500"),
    Offer("CR06", "医院陪护", "Hospital attendant", "care", "天", "260", 3, 8, 6),
    Offer("CR07", "上门助浴", "Bathing at home", "care", "次", "260", 1, 1.5, 2, 2),
    Offer("FS01", "驻场保洁", "On-site cleaner", "facility", "人·月", "4900", 4, 8),
    Offer("FS02", "面积包干", "Area contract", "facility", "平方米·月", "2.6", 5000, 8),
    Offer("FS03", "定期大清", "Periodic deep cleaning", "facility", "平方米", "3", 2000, 8),
    Offer("FS04", "工位消毒护理", "Workstation hygiene", "facility", "工位·月", "15", 120, 4),
    Offer("FE01", "中介服务费", "Placement fee", "fee", "例", "1200"),
    # The same work at another grade has its own code and its own price.
    Offer("AP06B", "滚筒洗衣机清洗", "Front-loading washing machine", "appliance", "台", "218", 1, 2),
    Offer("AP08B", "地暖清洗", "Floor heating", "appliance", "路", "120", 5, 1.5),
    Offer("CR03A", "月嫂（三星）", "Maternity matron, three stars", "care", "26 天", "9800"),
    Offer("CR03C", "月嫂（五星）", "Maternity matron, five stars", "care", "26 天", "15800"),
    Offer("CR03D", "月嫂（金牌）", "Maternity matron, gold", "care", "26 天", "18800"),
    Offer("CR05A", "居家养老（自理）", "Elder care, independent", "care", "月", "6000"),
    Offer("CR05C", "居家养老（失能）", "Elder care, dependent", "care", "月", "9000"),
    Offer("CR07B", "产后护理", "Postpartum care", "care", "次", "300", 1, 1.5, crew=2),
)

# The least charge: a quantity in the product's unit, or a sum.
LEAST_QUANTITY = {
    "HC01": 2, "HC04": 20, "AP03": 2, "AP05": 3, "OR01": 4, "CK01": 2, "CR06": 3, "FS01": 3, "FS04": 20,
}  # fmt: skip
LEAST_AMOUNT = {
    "DC01": 400, "DC02": 600, "WN01": 200, "WN02": 800, "FC01": 200, "FC02": 300, "FC03": 200, "FC05": 150, "SF01": 300, "SF02": 500,
    "AR01": 1500, "AR02": 200, "FS03": 1500,
}  # fmt: skip
AT_HEIGHT = ("WN02",)
# Enterprises pay another price for what they buy often.
FOR_ENTERPRISES = {"HC01": "52", "DC01": "8.50", "WN01": "12", "FC03": "16"}


@dataclass(frozen=True)
class Extra:
    """A published surcharge: a share or a sum, with the reason that customers read."""

    code: str
    name: str
    name_en: str
    reason: str
    reason_en: str
    percent: str = ""
    amount: str = ""


EXTRAS = (
    Extra("NIGHT", "夜间附加费", "Night surcharge", "晚 20:00 以后上门", "Service after 20:00", percent="20"),
    Extra(
        "FAR", "远程附加费", "Distance surcharge", "离网点 15 公里以上", "More than 15 km from the outlet", amount="30"
    ),
)
FESTIVAL = Extra(
    "",
    "春节附加费",
    "Spring Festival surcharge",
    "春节前三周服务员返乡、用工紧张",
    "Workers are scarce in the three weeks before Spring Festival",
    amount="39",
)
# The eve of each Spring Festival that a demo year may touch.
SPRING_EVES = {2025: (1, 28), 2026: (2, 16), 2027: (2, 5), 2028: (1, 25), 2029: (2, 12), 2030: (2, 2)}
