"""我的视图: lists kept with their filters, columns and order, opened again by name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve
from django.utils.functional import cached_property
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from zhangfa.ui import actions, forms, words
from zhangfa.ui.access import everyone
from zhangfa.ui.models import SavedView
from zhangfa.ui.page import Page
from zhangfa.ui.pages import FormPage, ListPage

PASSING = ("after", "before", "export")


class ViewForm(forms.Form):
    name = forms.TextField(label=_("视图名称"), max_length=20)


class Views(FormPage):
    """The saved views of one list, and a name for how it stands now."""

    permission = everyone
    template_name = "ui/views.html"
    title, form_class, submit_label = _("我的视图"), ViewForm, _("保存视图")

    @cached_property
    def list_kept(self) -> tuple[type[ListPage], str, str]:
        """The list that is asked about: its page, its address, and what of the query is worth keeping."""
        path, _mark, asked = self.request.GET.get("list", "").partition("?")
        try:
            page = getattr(resolve(path).func, "view_class", None)
        except Resolver404:
            raise Http404 from None
        if page is None or not issubclass(page, ListPage):
            raise Http404
        query = QueryDict(mutable=True)
        for key, values in QueryDict(asked).lists():
            if key not in PASSING and (filled := [value for value in values if value]):
                query.setlist(key, filled)
        return page, path, query.urlencode()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        template = "ui/parts/views.html" if self.is_fragment else self.template_name
        return self.response_class(request, template, self.get_context_data(**kwargs))

    def act(self, form: Any) -> Any:
        _page, path, query = self.list_kept
        return actions.save_view(page=path, query=query, name=form.cleaned_data["name"], by=self.actor)

    def done_url(self, outcome: Any) -> str:
        return outcome.address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page, path, query = self.list_kept
        return super().get_context_data(
            views=SavedView.objects.filter(user_id=self.request.user.pk, page=path).order_by("name"),
            list_title=words.text(page.title), back=f"{path}?{query}" if query else path, **kwargs,
        )  # fmt: skip


class ViewRemove(Page):
    """Forget one of one's own saved views."""

    permission = everyone
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = get_object_or_404(SavedView, pk=self.kwargs["pk"], user_id=request.user.pk)
        address = view.page
        actions.remove_view(view)
        messages.success(request, now("视图已删除。"))
        return HttpResponseRedirect(address, status=303)
