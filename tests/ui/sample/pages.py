from __future__ import annotations

import django_filters as df
from django.urls import include, path

from tests.ui.sample.models import Paper
from zhangfa.core import transitions
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.transitions import transition
from zhangfa.ui import forms, registry
from zhangfa.ui.access import everyone, posts
from zhangfa.ui.filters import DayFrom, FilterSet
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Choice, Lookup, Part, Status
from zhangfa.ui.tables import Column, Empty, Explanation, Link

PEOPLE = {"1": "章敏", "2": "邵一弘", "3": "欧阳建国"}


def may_submit(obj, *, by, at):
    return iter(())


def may_close(obj, *, by, at):
    yield Refusal("post", "只有总经理可以结案。", clause="GM-W1.1", who=("gm",))


def may_read(obj, *, by, at):
    if obj is not None and obj.title == "限阅":
        yield Refusal("restricted", "这份单据只给经办人看。", who=("gm",), clause="CC-W1.1")


def guard_amount(paper, *, by, at, amount, **_rest):
    if amount is not None and amount > 1000:
        yield Refusal(
            "amount", "金额%(amount)s元超过上限。", {"amount": amount}, clause="CC-W1.5", field="amount", who=("dgm",)
        )


@transition(
    Paper,
    sources=["draft"],
    target="submitted",
    label="提交方案",
    event="submitted",
    permit=may_submit,
    guard=guard_amount,
    clause="CC-W1.5",
)
def submit(paper, *, by, at, amount, photos=(), signature=None, person=None, note=""):
    paper.amount = amount


@transition(
    Paper,
    sources=["draft", "submitted"],
    target="closed",
    label="结案",
    event="closed",
    permit=may_close,
    clause="CC-W1.7",
)
def close(paper, *, by, at):
    return None


class PaperFilter(FilterSet):
    status = df.ChoiceFilter(label="状态", choices=Paper.Status.choices)
    since = DayFrom("created_at", label="登记日期从")

    class Meta:
        model = Paper
        fields: list[str] = []


class PaperList(ListPage):
    model, permission = Paper, everyone
    title, nav = "单据", "papers"
    columns = [
        Column("number", "编号", link=True, phone="title"),
        Column("title", "事项", wide=True),
        Column("person", "客户"),
        Column("amount", "金额", kind="money"),
        Column("due_at", "期限", kind="due"),
        Column("status", "状态", kind="status", phone="badge"),
        Column("created_at", "登记时间", kind="when", optional=True),
    ]
    sorts = {"new": ("最新", "-id"), "due": ("期限最近", "due_at", "-id")}
    filterset_class = PaperFilter
    links = [Link("sample:new", "登记单据", icon="plus"), Link("sample:list", "只给总经理", permission=posts("gm"))]
    empty = Empty("没有单据", "电话里报来的事故，从“登记单据”开始。")
    per_page = 5


def trail(page, obj):
    return "sample/trail.html", {"lines": ["王芳登记", "章敏到店勘察"]}


class PaperPage(RecordPage):
    model, permission, do_url = Paper, may_read, "sample:do"
    nav = "papers"
    facts = [
        Column("person", "客户"), Column("amount", "金额", kind="money"), Column("created_at", "登记时间", kind="when"),
        Column("due_at", "期限", kind="due"), Column("title", "经过", wide=True),
    ]  # fmt: skip
    parts = [Part("trail", "经过记录", trail), Part("comments", "留言", trail)]

    def next_step(self):
        return "到店勘察并拍照"

    def holder(self):
        return "章敏（理赔专员）"


class PaperForm(forms.Form):
    title = forms.TextField(label="事项", max_length=60, help_text="一句话说清发生了什么。")
    person = forms.LookupField("sample-people", label="客户")
    amount = forms.MoneyField(label="估计金额", required=False)
    note = forms.TextField(label="经过", max_length=500, multiline=True, required=False)


class PaperCreate(CreatePage):
    permission, form_class = everyone, PaperForm
    title, nav, submit_label = "登记单据", "papers", "登记"
    help = "先把电话里说的记下来，勘察时再补照片。"

    def act(self, form):
        data = form.cleaned_data
        if data["title"] == "重复":
            demand([Refusal("twice", "同一事项已经登记过。", field="title")])
        return Paper.objects.create(
            number="SG-20261123-099",
            title=data["title"],
            person=PEOPLE[data["person"]],
            amount=data["amount"],
            created_at=self.at,
        )


class SubmitForm(forms.Form):
    amount = forms.MoneyField(label="理赔金额")
    photos = forms.PhotosField(label="照片", required=False, help_text="能看清损坏处和整体各一张。")
    signature = forms.SignatureField(label="签名", required=False)
    note = forms.TextField(label="说明", max_length=300, multiline=True, required=False)


class PaperDo(TransitionPage):
    record_page = PaperPage
    forms = {"submit": SubmitForm}

    def explain(self, form):
        amount = form.data.get("amount") if form.is_bound else None
        return Explanation(
            "副总经理" if amount else "理赔专员",
            "CC-W1.5",
            ("理赔金额1,800.00元 > 上限1,000.00元",),
            (("理赔专员上限", "¥1,000.00", "2026-01-01 起 · 版本1"),),
            ("理赔专员", "副总经理"),
        )


registry.statuses.add(
    "sample.paper.status",
    {"draft": Status("草稿", "grey"), "submitted": Status("待审批", "amber"), "closed": Status("已结案", "green")},
)
registry.lookups.add(
    "sample-people",
    Lookup(
        lambda actor, q, at: [Choice(k, v, "宁波海曙 138****5678") for k, v in PEOPLE.items() if q in v],
        lambda actor, value, at: Choice(value, PEOPLE[value]) if value in PEOPLE else None,
    ),
)

# The product's registry is counted by other tests: the sample's own stand in it only while its tests run.
OWN = {t_key: found for t_key, found in transitions._registry.items() if t_key[0].startswith("sample.")}
for _key in OWN:
    del transitions._registry[_key]

papers = (
    [
        path("papers/", PaperList.as_view(), name="list"),
        path("papers/new/", PaperCreate.as_view(), name="new"),
        path("papers/<int:pk>/", PaperPage.as_view(), name="paper"),
        path("papers/<int:pk>/do/<slug:name>/", PaperDo.as_view(), name="do"),
    ],
    "sample",
)
urlpatterns = [path("", include(papers)), path("", include("zhangfa.config.urls"))]
handler403 = "zhangfa.ui.web.errors.forbidden"
handler404 = "zhangfa.ui.web.errors.not_found"
