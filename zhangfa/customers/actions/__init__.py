"""Every write to the customer archive: one module per noun, verbs inside."""

from zhangfa.customers.actions.adverse import answer, confirm, dismiss, expire, expire_due, note_conduct
from zhangfa.customers.actions.consent import record_consent
from zhangfa.customers.actions.customer import edit, follow_unit, note_print, register, reveal
from zhangfa.customers.actions.entry import correct, key_in, rewrite, send_back, verify, write_entry
from zhangfa.customers.actions.hand_in import check, hand_in
from zhangfa.customers.actions.merge import merge, undo_merge
from zhangfa.customers.actions.privacy import (
    copy_out,
    decline_request,
    erase,
    erase_due,
    fulfil,
    hold,
    release,
    restore,
    take_request,
)
from zhangfa.customers.actions.profile import (
    add_contact,
    add_place,
    add_wish,
    drop_contact,
    drop_place,
    drop_wish,
    edit_contact,
    edit_place,
    save_profile,
)
from zhangfa.customers.actions.segment import Verdict, classify

__all__ = [
    "Verdict",
    "add_contact",
    "add_place",
    "add_wish",
    "answer",
    "check",
    "classify",
    "confirm",
    "copy_out",
    "correct",
    "decline_request",
    "dismiss",
    "drop_contact",
    "drop_place",
    "drop_wish",
    "edit",
    "edit_contact",
    "edit_place",
    "erase",
    "erase_due",
    "expire",
    "expire_due",
    "follow_unit",
    "fulfil",
    "hand_in",
    "hold",
    "key_in",
    "merge",
    "note_conduct",
    "note_print",
    "record_consent",
    "register",
    "release",
    "restore",
    "reveal",
    "rewrite",
    "save_profile",
    "send_back",
    "take_request",
    "undo_merge",
    "verify",
    "write_entry",
]
