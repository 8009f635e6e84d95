"""Forms of meetings: whom to invite by post and by name, who is there, votes, resolution, decisions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.meetings.choices import DECIDING, Kind, Vote
from zhangfa.meetings.models import Meeting
from zhangfa.organisation.models import Holding, Person, Unit
from zhangfa.organisation.posts import POSTS
from zhangfa.organisation.web.fields import person_field, unit_field
from zhangfa.policy.wording import post_name
from zhangfa.ui.forms import DateField, DateTimeField, Form, TextField, WholeField

MANAGERS = ("gm", "dgm", "am", "fin", "mk", "cs", "hs", "ls")
EXTRA = ("person_1", "person_2", "person_3")
post_label = lazy(post_name, str)
POST_CHOICES = [(code, post_label(code)) for code in POSTS]


def boxes(choices: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)


class PeopleForm(Form):
    """Whom to invite: the holders of posts, in the whole company or in one unit, and a few people by name."""

    posts = boxes(POST_CHOICES, label=_("参会岗位"), required=False)
    within = unit_field(label=_("只请这个单位的人"), required=False, help_text=_("留空表示全公司；选部门时含其网点。"))
    person_1 = person_field("staff", label=_("另请"), required=False)
    person_2 = person_field("staff", label=_("另请"), required=False)
    person_3 = person_field("staff", label=_("另请"), required=False)
    observers = boxes(
        POST_CHOICES, label=_("列席（没有表决权）的岗位"), required=False, help_text=_("参会岗位中只旁听、不表决的。")
    )

    def params(self) -> dict[str, Any]:
        values = super().params()
        posts, within = values.pop("posts"), values.pop("within")
        silent = set(values.pop("observers"))
        named = [person for name in EXTRA if (person := values.pop(name))]
        invited = holding(posts, within, self.at)
        people = list(dict.fromkeys([*(person for person, _post in invited), *named]))
        voting = {person for person, post in invited if post not in silent} | set(named)
        values["participants"] = people
        own = Person.objects.filter(pk=getattr(self.actor, "person_id", None) or 0)
        values["voters"] = [*own, *(person for person in people if person in voting)]
        return values


def holding(posts: list[str], within: Unit | None, at: dt.datetime | None) -> list[tuple[Person, str]]:
    """Who holds the posts, in the unit and below it where one is given."""
    if not posts or at is None:
        return []
    rows = Holding.objects.filter(
        Holding.valid_q(clock.local_date(at)), seat__post_id__in=posts, seat__is_active=True, person__left_on=None
    )
    if within is not None:
        rows = rows.filter(Q(seat__unit=within) | Q(seat__unit__department=within) | Q(seat__unit__region=within))
    rows = rows.select_related("person", "seat").order_by("-seat__post__grade", "pk")
    return [(row.person, row.seat.post_id) for row in rows]


def essential() -> forms.Textarea:
    """A box that a company or problem meeting can't be called without; its mark 选填 follows the type (AM-W1)."""
    return forms.Textarea({"rows": 3, "data-needed-for": " ".join(["kind", *DECIDING])})


class BodyForm(PeopleForm):
    topic = TextField(label=_("主题"), max_length=100)
    problem = TextField(
        label=_("要解决的问题"),
        max_length=1000,
        multiline=True,
        required=False,
        widget=essential(),
        help_text=_("公司会议和问题会议必填。"),
    )
    urgency = TextField(
        label=_("为什么严重、为什么紧迫"), max_length=1000, multiline=True, required=False, widget=essential(),
        help_text=_("公司会议和问题会议必填。"),
    )  # fmt: skip
    solution = TextField(
        label=_("初步方案"), max_length=2000, multiline=True, required=False, widget=essential(),
        help_text=_("公司会议和问题会议没有初步方案不能发通知。"),
    )  # fmt: skip
    starts_at = DateTimeField(label=_("开会时间"))
    place = TextField(label=_("地点"), max_length=100)


class CallForm(BodyForm):
    """The invitation."""

    kind = forms.ChoiceField(label=_("会议类型"), choices=Kind.choices, widget=forms.RadioSelect)
    unit = unit_field(label=_("哪个单位的会议"), required=False, help_text=_("留空：部门会议为您的部门，其他为公司。"))
    source_kind = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)
    source_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    field_order = [
        "kind", "topic", "problem", "urgency", "solution", "starts_at", "place", "unit", "posts", "within", *EXTRA, "observers",
    ]  # fmt: skip


class ChangeForm(BodyForm):
    field_order = [
        "topic",
        "problem",
        "urgency",
        "solution",
        "starts_at",
        "place",
        "posts",
        "within",
        *EXTRA,
        "observers",
    ]


class CancelForm(Form):
    cancel_reason = TextField(label=_("取消的理由"), max_length=200)


class OpinionForm(Form):
    opinion = TextField(label=_("我的意见"), max_length=1000, multiline=True)


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Person) -> str:
        return str(obj.shown_name)


class PersonBoxes(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Person) -> str:
        return str(obj.shown_name)


def _of(target: Any, **which: Any) -> Any:
    if not isinstance(target, Meeting):
        return Person.objects.none()
    rows = target.participants.filter(**which)
    return Person.objects.filter(pk__in=rows.values("person_id")).order_by("no")


class OpenForm(Form):
    """Who came."""

    present = PersonBoxes(
        label=_("到会的人"), queryset=Person.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["present"].queryset = _of(self.target)

    def params(self) -> dict[str, Any]:
        return {"present": list(self.cleaned_data["present"])}


class VoteForm(Form):
    vote = forms.ChoiceField(label=_("表决"), choices=Vote.choices, widget=forms.RadioSelect)
    dissent = TextField(
        label=_("保留意见"), max_length=1000, multiline=True, required=False, help_text=_("反对时必填，记录在案。")
    )


class VoteForForm(VoteForm):
    person = PersonChoice(label=_("谁的表决"), queryset=Person.objects.none())
    field_order = ["person", "vote", "dissent"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = _of(self.target, has_vote=True, is_present=True)


class ResolveForm(Form):
    discussion = TextField(label=_("讨论"), max_length=6000, multiline=True)
    standpoint = TextField(label=_("主持人的明确意见"), max_length=1000, multiline=True)
    resolution = TextField(label=_("决议"), max_length=2000, multiline=True)
    needs_rule = forms.BooleanField(
        label=_("须据此出台制度"), required=False, help_text=_("行政部须在会后次日颁布制度，逾期上报。")
    )
    reward_rule = TextField(label=_("配套奖惩（可不填）"), max_length=1000, multiline=True, required=False)


class DecideForm(Form):
    text = TextField(label=_("要做什么"), max_length=500, multiline=True)
    owner = person_field("staff", label=_("负责人"))
    due_on = DateField(label=_("完成日期"))
    standard = TextField(label=_("结果标准"), max_length=500, multiline=True, help_text=_("做到什么样算完成。"))


class DropForm(Form):
    seq = WholeField(label=_("第几项"), min_value=1, max_value=200)


class CorrectForm(Form):
    discussion = TextField(label=_("讨论"), max_length=6000, multiline=True)


FORMS = {
    "change_call": ChangeForm, "cancel": CancelForm, "give_opinion": OpinionForm, "open_meeting": OpenForm, "vote": VoteForm,
    "vote_for": VoteForForm, "resolve": ResolveForm, "decide": DecideForm, "drop_decision": DropForm, "correct_minutes": CorrectForm,
}  # fmt: skip
