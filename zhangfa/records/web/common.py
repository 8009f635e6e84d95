"""What every page of a paper begins with: the paper, if this person may see it, else 404."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from zhangfa.core import clock
from zhangfa.records import permissions
from zhangfa.records.models import Record
from zhangfa.ui.access import everyone

# A file is shown alone, without scripts, and never guessed at.
FILE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def pdf(data: bytes, name: str) -> HttpResponse:
    """A paper to be read in the browser and kept nowhere."""
    headers = {
        "Content-Disposition": f'inline; filename="{name}.pdf"', "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
    }  # fmt: skip
    return HttpResponse(data, content_type="application/pdf", headers=headers)


def visible_record(actor: Any, pk: UUID) -> Record:
    """The paper, or 404 for everybody whom it does not concern."""
    record = get_object_or_404(Record.objects.select_related("unit", "parent"), pk=pk)
    if not permissions.is_visible(actor, record):
        raise Http404
    return record


class OfRecord:
    """Mixed into a page: `self.subject()` is the paper of the address."""

    kwargs: dict[str, Any]
    actor: Any
    _record: Record

    def subject(self) -> Record:
        if not hasattr(self, "_record"):
            self._record = visible_record(self.actor, self.kwargs["pk"])
        return self._record

    def back(self, part: str = "") -> str:
        """The page where people open the paper, at one of its parts."""
        record = self.subject()
        url = record.url or (record.parent.url if record.parent else "") or "/"
        return f"{url}?part={part}#part-{part}" if part else url


def signed_in(view: Any) -> Any:
    """For plain answers (pictures, PDFs): a session and an instant, or the sign-in page."""

    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        answer: HttpResponse = view(request, request.actor, clock.now(), *args, **kwargs)
        return answer

    # Whose paper it is, each view asks of the record itself: what is out of sight is not found.
    guarded.permission = everyone  # type: ignore[attr-defined]
    return guarded
