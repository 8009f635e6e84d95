"""Logins: made, reset and blocked by the technical administrator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.organisation.actions.chart import change, tell
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, User
from zhangfa.organisation.permissions import manage_users
from zhangfa.organisation.rules import CLAUSE, refuse_user
from zhangfa.runtime import tokens


def create(
    *,
    username: str,
    password: str,
    person: Person | None = None,
    is_technical: bool = False,
    is_own_choice: bool = False,
    by: Actor,
    at: dt.datetime,
) -> User:
    """A login for a person, or for the technical administrator; whoever gets it chooses a password of their own first."""
    with change(manage_users, by=by, at=at):
        user = User(username=username, person=person, is_technical=is_technical, first_name="", email="")
        user.has_given_password = not is_own_choice
        demand(
            [
                *refuse_user(
                    is_name_taken=User.objects.filter(username__iexact=username).exists(),
                    has_user=person is not None and User.objects.filter(person=person).exists(), is_technical=is_technical,
                    has_person=person is not None,
                ),
                *_refuse_password(password, user),
            ]
        )  # fmt: skip
        user.set_password(password)
        user.save()
        tell(
            "user.created",
            user,
            _("新建账号"),
            by=by,
            at=at,
            codes={"user": user.pk, "person": user.person_id, "technical": is_technical},
        )
    return user


def reset_password(user: User, *, password: str, is_phone_lost: bool = False, by: Actor, at: dt.datetime) -> User:
    """A new password, for its owner to replace; every session and token of the account ends with the old one, the second factor if its phone is lost."""
    with change(manage_users, user, by=by, at=at):
        user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        demand(_refuse_password(password, user))
        user.set_password(password)
        user.has_given_password = user.pk != by.user_id
        user.save(update_fields=["password", "has_given_password"])
        tokens.revoke_all(user, at=at)
        if is_phone_lost:
            Authenticator.objects.filter(user=user).delete()
        codes = {"user": user.pk, "second_factor_off": is_phone_lost}
        tell("user.password_reset", user, _("重设密码"), by=by, at=at, codes=codes)
    return user


def set_active(user: User, *, is_active: bool, by: Actor, at: dt.datetime) -> User:
    """Block a login, or open it again; nobody blocks their own."""
    with change(manage_users, user, by=by, at=at):
        user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if user.pk == by.user_id:
            demand([Refusal("user.own", _("不能停用自己的账号。"), clause=CLAUSE)])
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        tell("user.activity_set", user, _("启用或停用账号"), by=by, at=at, codes={"user": user.pk, "active": is_active})
    return user


def _refuse_password(password: str, user: User) -> Iterator[Refusal]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        yield Refusal(
            "user.password", _("密码不符合要求：%(why)s"), {"why": " ".join(error.messages)}, CLAUSE, "password"
        )
