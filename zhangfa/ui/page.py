"""The base of every page: signed in, permitted by its own rule, told who acts and when."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.generic import TemplateView

from zhangfa.core import clock
from zhangfa.ui import words
from zhangfa.ui.access import NotPermitted, Permission, public


class Page(TemplateView):
    """Any page: signed in unless public, permitted by its own rule, told who acts and when."""

    permission: Permission
    title: Any = ""
    nav = ""
    # Drawn anew by the page itself every so often: it keeps nobody signed in.
    asks_by_itself = False
    actor: Any

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        # A function set on the class would bind as a method: a permission never takes the page.
        if "permission" in cls.__dict__:
            cls.permission = staticmethod(cls.__dict__["permission"])  # type: ignore[assignment]
        if not abstract and not callable(getattr(cls, "permission", None)):
            raise ImproperlyConfigured(f"{cls.__module__}.{cls.__qualname__} declares no permission")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.at = clock.now()
        self.actor = getattr(request, "actor", None)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.permission is not public and not request.user.is_authenticated:
            # A form sent after the session ended stays on the screen; the script offers to sign in beside it.
            if self.is_fragment:
                return HttpResponse(status=401)
            return redirect_to_login(request.get_full_path())
        self.check(self.subject())
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response

    @property
    def is_fragment(self) -> bool:
        headers = self.request.headers
        return "HX-Request" in headers and "HX-History-Restore-Request" not in headers

    def subject(self) -> Any:
        """What the permission is asked about: nothing for lists and creations, the object for records."""
        return None

    def check(self, obj: Any) -> None:
        if refusals := tuple(self.permission(obj, by=self.actor, at=self.at)):
            raise NotPermitted(refusals)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            page=self, title=words.text(self.page_title()), nav=self.nav, at=self.at, **kwargs
        )

    def page_title(self) -> Any:
        return self.title
