"""Signing in the browser: one paper, several in one act, and a refusal before a witness."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.records import actions, permissions, queries, rules
from zhangfa.records.models import Signature
from zhangfa.records.registry import forms
from zhangfa.records.web.common import OfRecord
from zhangfa.records.web.forms import BatchForm, RefusalForm, SignForm
from zhangfa.ui import words
from zhangfa.ui.access import everyone
from zhangfa.ui.forms import SignatureField
from zhangfa.ui.pages import FormPage

BATCH_LIMIT = 30


class OfRole(OfRecord):
    """Mixed into a page of one signing role."""

    @cached_property
    def row(self) -> Signature:
        row = (
            self.subject()
            .signatures.filter(role=self.kwargs["role"])
            .exclude(state="void")
            .select_related("signer")
            .first()
        )
        if row is None:
            raise Http404
        return row

    @cached_property
    def context(self) -> dict[str, Any]:
        record = self.subject()
        form = forms.get(record.form_code)
        facts = queries.signing_facts(record, self.row, self.actor, self.at)  # type: ignore[attr-defined]
        return {
            "record": record, "paper": form, "row": self.row, "role": form.role(self.row.role), "facts": facts,
            "signer": permissions.name_for(self.row.signer, permissions.concealed(self.actor, record)),  # type: ignore[attr-defined]
            "back": self.back("signatures"), "has_print": form.build is not None,
        }  # fmt: skip

    def done_url(self, outcome: Any) -> str:
        return self.back("signatures")


class Sign(OfRole, FormPage):
    """Read the paper, then sign it with the password or by hand."""

    permission, title, form_class, submit_label = everyone, _("签字"), SignForm, _("确认签字")
    template_name = "records/sign.html"

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.request = self.request
        if self.is_presence:
            # The handler's own password says nothing about the worker's will.
            form.fields["signature"] = SignatureField(label=form.fields["signature"].label, password=False)
        return form

    @cached_property
    def is_presence(self) -> bool:
        return rules.is_in_presence(self.context["facts"])

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "seen": queries.digest_now(self.subject())}

    def page_title(self) -> Any:
        role = words.text(forms.get(self.subject().form_code).role(self.row.role).label)
        return gettext("签字：%(role)s") % {"role": role}

    def act(self, form: Any) -> Any:
        return actions.sign(self.subject(), role=self.row.role, by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return gettext("已签字。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = self.context
        refusals = list(rules.refuse_role(context["facts"]))
        return super().get_context_data(refusals=refusals, is_presence=self.is_presence, **{**kwargs, **context})


class Refusal(OfRole, FormPage):
    """Note that the signer refused; the person who fills this in is the witness."""

    permission, title, form_class, submit_label = everyone, _("登记拒签"), RefusalForm, _("我见证了拒签")
    template_name = "records/refusal.html"

    def act(self, form: Any) -> Any:
        reason = form.cleaned_data["reason"]
        return actions.refuse_to_sign(self.subject(), role=self.row.role, by=self.actor, at=self.at, reason=reason)

    def done_message(self, outcome: Any) -> str:
        return gettext("拒签已登记，视为送达。")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = self.context
        refusals = list(rules.refuse_refusal(context["facts"], reason="—" * 9, witness_id=self.actor.person_id))
        return super().get_context_data(refusals=refusals, **{**kwargs, **context})


class Batch(FormPage):
    """Every paper that waits for my name, listed one by one, signed in one act."""

    permission, title, nav, form_class, submit_label = everyone, _("待我签字"), "signing", BatchForm, _("签署所选单据")
    template_name = "records/batch.html"

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        found = []
        for row in queries.waiting_signatures(self.actor)[:BATCH_LIMIT]:
            record = row.record
            form = forms.get(record.form_code)
            seen = queries.digest_now(record)
            label = f"{words.text(form.title)} {record.number}"
            found.append(
                {
                    "key": f"{row.pk}:{seen}", "row": row, "record": record, "paper": form, "label": label,
                    "role": form.role(row.role), "seen": seen, "url": record.url, "has_print": form.build is not None,
                }
            )  # fmt: skip
        return found

    def subject(self) -> Any:
        return self.lines

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.request = self.request
        return form

    def act(self, form: Any) -> Any:
        chosen = set(form.cleaned_data["papers"])
        papers = [(line["record"], line["row"].role, line["seen"]) for line in self.lines if line["key"] in chosen]
        outcomes = actions.sign_many(papers, by=self.actor, at=self.at, **form.way())
        for outcome in outcomes:
            for refusal in outcome.refusals:
                messages.warning(self.request, f"{outcome.record}:{words.say(refusal)}")
        return outcomes

    def done_message(self, outcome: Any) -> str:
        return gettext("已签 %(count)s 张。") % {"count": sum(not one.refusals for one in outcome)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(lines=self.lines, limit=BATCH_LIMIT, **kwargs)
