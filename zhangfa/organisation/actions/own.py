"""One's own access: the browsers that are signed in, and the tokens of one's programs."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session

from zhangfa.core import clock
from zhangfa.core.decisions import demand
from zhangfa.core.text import _
from zhangfa.core.work import work
from zhangfa.organisation.actions.chart import tell
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import SignIn, User
from zhangfa.organisation.rules import refuse_token
from zhangfa.runtime import tokens
from zhangfa.runtime.models import ApiToken


def end_session(sign_in: SignIn, *, by: Actor, at: dt.datetime) -> None:
    """That browser has to sign in again."""
    _end([sign_in.session_key], by=by, at=at)


def end_other_sessions(keep: str, *, by: Actor, at: dt.datetime) -> int:
    """Every browser but the one with this session has to sign in again; how many there were."""
    rows = SignIn.objects.filter(user_id=by.user_id).exclude(session_key=keep)
    return _end(list(rows.values_list("session_key", flat=True)), by=by, at=at)


def _end(keys: list[str], *, by: Actor, at: dt.datetime) -> int:
    with work():
        user = User.objects.select_for_update(of=("self",)).get(pk=by.user_id)
        own = SignIn.objects.filter(user=user, session_key__in=keys)
        ended, _rows = Session.objects.filter(session_key__in=own.values("session_key")).delete()
        own.delete()
        tell("user.sessions_ended", user, _("退出其他设备"), by=by, at=at, codes={"user": user.pk, "count": ended})
    return ended


def make_token(*, label: str, expires_on: dt.date, by: Actor, at: dt.datetime) -> str:
    """A token for one's own programs, to the end of a day; it is given this one time."""
    with work():
        user = User.objects.select_for_update(of=("self",)).get(pk=by.user_id)
        labels = list(tokens.standing(user.pk, at).values_list("label", flat=True))
        demand(refuse_token(label=label, labels=labels, expires_on=expires_on, today=clock.local_date(at)))
        made = tokens.issue(user, label=label, at=at, expires_at=clock.day_end(clock.day_start(expires_on)))
        codes = {"user": user.pk, "expires_on": expires_on.isoformat()}
        tell("user.token_made", user, _("生成接口令牌"), by=by, at=at, codes=codes, values={"label": label})
    return made


def revoke_token(token: ApiToken, *, by: Actor, at: dt.datetime) -> None:
    """The token opens nothing from now on."""
    with work():
        user = User.objects.select_for_update(of=("self",)).get(pk=by.user_id)
        tokens.standing(user.pk, at).filter(pk=token.pk).update(revoked_at=at)
        codes = {"user": user.pk, "token": token.pk}
        tell("user.token_revoked", user, _("撤销接口令牌"), by=by, at=at, codes=codes)
