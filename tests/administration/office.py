"""Papers of administration and plans for the worlds in which every page is opened."""

import datetime as dt
from typing import Any

from tests.administration.test_actions_coordination import ask, issue, keep
from tests.houses import MONDAY, House
from zhangfa.administration.actions import note_contact
from zhangfa.core import clock
from zhangfa.planning import actions as planning

DAY = clock.local_date(MONDAY)


def plans(house: House) -> tuple[Any, Any]:
    """A department's plan with an item, and the year before summed up."""
    facts: dict[str, Any] = {"by": house.actor("hs"), "at": MONDAY}
    plan = planning.begin(level="department", rhythm="monthly", day=DAY, **facts)
    plan = planning.add_item(plan, title="新增客户", standard="签约付款", due_on=plan.to_on, **facts)
    return plan, planning.summarise(
        level="department", year=2025, text="签约八家，差两家", next_plan="补足人手再签", **facts
    )


def office(house: House) -> dict[str, Any]:
    """A request, a notice, a company file and a contact outside."""
    facts = {"kind": "partner", "organisation": "保险公司", "name": "李经理", "phone": "15400002222"}
    contact = note_contact(**facts, by=house.actor("am"), at=MONDAY)
    papers = {"dept-requests": ask(house), "bulletins": issue(house), "company-files": keep(house)}
    return papers | {"outside": contact, "outside-contacts": contact}


def revise(world: Any) -> None:
    """A revision of the chart that is being written, and a description that binds, with somebody who has to confirm it."""
    from zhangfa.administration import actions as administration
    from zhangfa.administration.models import Revision
    from zhangfa.approvals.actions import decide
    from zhangfa.approvals.models import Step
    from zhangfa.organisation.models import Post

    house, hr = world.house, world.house.actor("hr")
    facts = {"reason": "北片客户多，路程远", "effective_on": DAY + dt.timedelta(days=7), "by": hr, "at": MONDAY}
    world.revision = administration.draft_chart_revision(title="设立北店", **facts)
    administration.open_unit(
        world.revision, unit_kind="outlet", code="N9", name="北店", parent=house.units["home"], by=hr, at=MONDAY
    )
    world.description = administration.draft_post_revision(
        post=Post.objects.get(pk="cm"), title="客户经理岗位说明", **facts
    )
    texts = {
        "purpose": "让大客户有固定的人照顾",
        "duties": "按关怀时间表访问客户",
        "powers": "按方案赠送礼品",
        "requirements": "大专以上，两年经验",
    }
    given = {name: text for name, text in world.description.description.texts().items() if name != "superior"}
    administration.describe(world.description, **{**given, **texts}, by=hr, at=MONDAY)
    administration.submit(world.description, by=hr, at=MONDAY)
    for who in ("am", "gm"):
        step = Step.objects.get(record=world.description.record, state=Step.State.WAITING)
        decide(step, result="agree", by=house.actor(who), at=MONDAY)
    world.description = Revision.objects.get(pk=world.description.pk)
