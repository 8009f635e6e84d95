"""The posts of the handbook with their rung on the ladder (domain.md A-20); pure data, the table `Post` is filled from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PostKind:
    code: str
    zh: str
    en: str
    grade: int


POSTS = {
    post.code: post
    for post in (
        PostKind("gm", "总经理", "General manager", 70),
        PostKind("dgm", "分管副总经理", "Deputy general manager in charge", 60),
        PostKind("am", "行政部经理", "Administration manager", 50),
        PostKind("fin", "财务部经理", "Finance manager", 50),
        PostKind("mk", "营销部经理", "Marketing manager", 50),
        PostKind("cs", "客服中心经理", "Customer service manager", 50),
        PostKind("hs", "家庭服务中心经理", "Household service manager", 50),
        PostKind("ls", "后勤服务中心经理", "Facility services manager", 50),
        PostKind("sup", "部门主管", "Supervisor", 40),
        PostKind("ops", "话务主管", "Call supervisor", 40),
        PostKind("hr", "行政人事专员", "HR specialist", 30),
        PostKind("cc", "投诉与客户维护专员", "Complaint and customer-care specialist", 30),
        PostKind("cm", "客户经理", "Account manager", 30),
        PostKind("oa", "网点管理员", "Outlet manager", 30),
        PostKind("sl", "后勤驻点主管", "Site leader", 30),
        PostKind("op", "话务员", "Call operator", 20),
        PostKind("net", "网络组", "Data team", 20),
        PostKind("sw", "服务员", "Service worker", 10),
    )
}

# Codes that stand for nobody in particular.
OTHER_POSTS = {
    "all": ("所有岗位", "All posts"),
    "head": ("申请人的部门负责人", "The applicant's head of department"),
    "second_decider": ("公司指定的第二决定人", "The company's second decider"),
}


def name_of(code: str, *, is_english: bool) -> str:
    """The post's name; an unknown code is its own name."""
    if code in POSTS:
        return POSTS[code].en if is_english else POSTS[code].zh
    zh, en = OTHER_POSTS.get(code, (code, code))
    return en if is_english else zh
