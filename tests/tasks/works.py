"""A task as the tests give it."""

import datetime as dt

from tests.houses import MONDAY
from zhangfa.tasks import actions

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
WORDS = {"title": "更新三家网点公示牌", "details": "按新价目表更换公示牌并拍照", "standard": "三家网点各有一张现场照片"}
DUE = MONDAY + 3 * DAY


def give(house, by="hs", to="oa", at=MONDAY, **more):
    facts = {**WORDS, "due_at": DUE, "owner_seat": house.seats[to], **more}
    return actions.assign(**facts, by=house.actor(by, at), at=at)
