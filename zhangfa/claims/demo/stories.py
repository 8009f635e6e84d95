"""What happens in invented cases: objects, causes, words and amounts with the shape of the trade (domain.md 5.3, 5.4)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from zhangfa.core.money import yuan

# object, damaged part, cause, what happened, weight
OBJECTS = (
    ("玻璃花瓶", "瓶口", "operation", "擦拭边柜时手肘碰到花瓶，花瓶从柜沿滑落摔在地上，瓶口碎裂，碎片已当场清理干净，没有人受伤。", 18),
    ("陶瓷餐盘", "盘沿", "rush", "收拾厨房时叠放的餐盘没有放稳，最上面一只滑下来磕在水槽边上，盘沿缺了一块，其余餐盘完好。", 12),
    ("实木餐桌", "桌面", "agent", "清洁桌面油渍时用错了清洁剂，擦拭后桌面漆层发白起皱，范围约一个手掌大小，反复擦拭也无法恢复。", 18),
    ("石英石台面", "边角", "operation", "清洗吊柜时工具滑落砸到台面边缘，边角开裂约八厘米，裂纹一直延伸到水槽口，无法修补如初。", 8),
    ("大理石地面", "门厅", "agent", "用酸性去污剂处理门厅水渍，停留时间过长，石材表面失去光泽并出现腐蚀斑，面积约一平方米。", 6),
    ("油烟机面板", "玻璃面板", "operation", "拆装油烟机清洗时面板没有托稳，脱手后磕在灶台上，玻璃面板右下角裂开，机器其余功能正常。", 8),
    ("空调面板", "卡扣", "defect", "拆下空调面板清洗滤网，老化的塑料卡扣在正常用力下断裂，面板装回后不能完全闭合，运行时有响声。", 6),
    ("真丝窗帘", "帘身", "training", "按普通布料的方法清洗窗帘，晾干后帘身缩水约六厘米并有褪色，客户认为已经不能继续使用。", 8),
    ("木地板", "客厅", "operation", "移动沙发清洁底部时没有垫布，沙发脚在地板上划出两道长约四十厘米的痕迹，漆面已经破损露底。", 8),
    ("淋浴软管接头", "接口", "hazard", "清洁卫生间时碰到淋浴软管，锈蚀的接头突然断开漏水，水流到门外地垫，已关闭总阀并擦干。", 6),
    ("电视机底座", "底座", "instruction", "客户要求把电视柜整体挪开清扫，移动时底座受力变形，电视无法平稳放置，屏幕显示正常。", 2),
)  # fmt: skip
INJURIES = ("擦窗下凳时踩空，右脚踝扭伤", "清洗刀具时划伤左手食指", "搬动床垫时腰部拉伤")
THIRD_PARTY = ("擦窗时抹布从窗台掉落，弄脏楼下晾晒的被子", "阳台清洁时小喷瓶坠落，砸到楼下停放的电动车")
COMPLAINTS = (
    ("quality", "深度保洁后厨房墙面和灶台缝隙仍有明显油渍，客户要求重做。", "operation", "完工后没有按清单逐项自检。", "保洁完工须由服务员逐项自检并拍照留存。", 33),
    ("time", "约定上午九点服务，服务员十点二十才到，也没有提前告知。", "rush", "两单之间路程估计不足。", "排单时两单之间至少留出四十分钟路程。", 17),
    ("attitude", "客户提出重擦一遍时服务员回应不耐烦，客户感到不被尊重。", "training", "新进服务员没有完成沟通培训。", "上岗前必须完成客户沟通培训并模拟考核。", 10),
    ("price", "上门后才告知要加收远程费用，客户认为事先没有说清楚。", "operation", "话务登记时没有核对距离。", "话务登记地址后由系统提示附加费并向客户说明。", 10),
    ("other", "连续三次换了不同的服务员，每次都要重新交代家里的情况。", "external", "原服务员请假后没有固定替班。", "长期客户应指定一名固定替班服务员。", 9),
    ("privacy", "服务员在电话里谈论客户家的情况，被客户听到。", "training", "服务员不清楚保密要求。", "每月班会重申客户信息保密的规定。", 3),
)  # fmt: skip
OPINIONS = (
    "处理得很及时，满意。",
    "同意这样处理。",
    "希望以后小心一些。",
    "赔得合理，态度也好。",
    "等得久了一点，但可以接受。",
)
PREVENTION = (
    "服务前先与客户确认易损物品并移到安全处。",
    "使用清洁剂前必须在不显眼处试用。",
    "搬动重物须两人配合并使用垫布。",
    "高处作业工具必须系防坠绳。",
)
RATINGS, RATING_SHARES = (5, 4, 3, 2, 1), (48, 37, 11, 3, 1)
EXACT = (200, 500, 1000, 1500)


@dataclass(frozen=True)
class Story:
    """One accident as it will be told."""

    guarantee: str
    item: str
    part: str
    cause: str
    narrative: str
    amount: Decimal


def accident(rng: random.Random, number: int) -> Story:
    """An accident with an amount: lognormal, median 180, sigma 1.25, capped; now and then exactly a limit."""
    dice = rng.random()
    if dice < 0.06:
        story, median, sigma, guarantee = rng.choice(INJURIES), 1200, 1.4, "worker_injury"
    elif dice < 0.08:
        story, median, sigma, guarantee = rng.choice(THIRD_PARTY), 2500, 1.5, "third_party"
    else:
        median, sigma, guarantee, story = 180, 1.25, "property", ""
    raw = min(50_000.0, max(20.0, median * rng.lognormvariate(0, sigma)))
    amount = yuan(EXACT[number % 4]) if number % 25 == 7 else yuan(round(raw / 10) * 10 or 20)
    if guarantee == "property":
        item, part, cause, narrative, _weight = rng.choices(OBJECTS, [o[4] for o in OBJECTS])[0]
        return Story(guarantee, item, part, cause, narrative, amount)
    told = f"{story}。服务员当场停止作业并报告网点，网点安排人员到场查看，客户在场知情，现场已经处理妥当。"
    return Story(guarantee, "", "", "operation", told, amount)
