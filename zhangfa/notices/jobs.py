"""Emptying the outbox: each row is leased, sent outside any transaction, and marked."""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from zhangfa.core import clock
from zhangfa.notices import channels, queries
from zhangfa.notices.models import Outbox
from zhangfa.organisation.models import User
from zhangfa.runtime.jobs import job
from zhangfa.runtime.schedule import every

log = logging.getLogger(__name__)
TRIES = 8
LEASE = dt.timedelta(minutes=5)
BATCH = 100


@every("notices.outbox", minutes=1)
def wake(at: dt.datetime) -> None:
    """Ask for a delivery run when something waits."""
    if Outbox.objects.filter(state=Outbox.State.WAITING, next_try_at__lte=at).exists():
        deliver.enqueue()


@job(apart=True)
def deliver() -> int:
    """Send what is due; returns how many were delivered."""
    return deliver_due(clock.now())


def deliver_due(at: dt.datetime) -> int:
    due = Outbox.objects.filter(state=Outbox.State.WAITING, next_try_at__lte=at)
    rows = due.select_related("notice__person").order_by("next_try_at")[:BATCH]
    return sum(_deliver(row, at) for row in list(rows))


def _deliver(row: Outbox, at: dt.datetime) -> bool:
    leased = Outbox.objects.filter(pk=row.pk, state=Outbox.State.WAITING, next_try_at=row.next_try_at).update(
        next_try_at=at + LEASE, tries=row.tries + 1
    )
    if not leased:
        return False  # another worker sends it
    user = User.objects.filter(person=row.notice.person).first()
    address = channels.address_for(row.channel, row.notice.person)
    with translation.override((user and user.language) or settings.LANGUAGE_CODE):
        body = queries.sentence(row.notice)
        sent = bool(address) and _try(address or "", gettext("章法"), body, row.channel)
    if sent:
        Outbox.objects.filter(pk=row.pk).update(state=Outbox.State.SENT, sent_at=at)
    elif address is None or row.tries + 1 >= TRIES:
        Outbox.objects.filter(pk=row.pk).update(state=Outbox.State.FAILED)
    else:
        Outbox.objects.filter(pk=row.pk).update(next_try_at=at + LEASE * 2**row.tries)
    return sent


def _try(address: str, title: str, body: str, channel: str) -> bool:
    try:
        return channels.send(address, title, body)
    except Exception:
        # A gateway may fail in its own ways; the row stays and is tried again.
        log.exception("channel %s failed", channel)
        return False
