"""Every address of the product, app by app."""

from allauth.account import views as account
from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern
from django.utils.functional import cached_property
from django.views.i18n import set_language

# Accounts and passwords are given by the company: nobody signs up, and no forgotten password goes by mail.
SIGN_IN = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]

# The workbench of ui has the root address; the others begin with their own word.
PAGES = [
    "zhangfa.ui.web.urls",
    "zhangfa.organisation.web.urls",
    "zhangfa.policy.web.urls",
    "zhangfa.notices.web.urls",
    "zhangfa.records.web.urls",
    "zhangfa.approvals.web.urls",
    "zhangfa.duties.web.urls",
    "zhangfa.tasks.web.urls",
    "zhangfa.planning.web.urls",
    "zhangfa.administration.web.urls",
    "zhangfa.meetings.web.urls",
    "zhangfa.regulations.web.urls",
    "zhangfa.inspections.web.urls",
    "zhangfa.customers.web.urls",
    "zhangfa.people.web.urls",
    "zhangfa.orders.web.urls",
    "zhangfa.claims.web.urls",
    "zhangfa.calls.web.urls",
    "zhangfa.care.web.urls",
    "zhangfa.imports.web.urls",
    "zhangfa.reports.web.urls",
]


class OnFirstCall(URLResolver):
    """Addresses that are loaded when one of them is called or looked up, not when others are looked up by name."""

    def _populate(self) -> None:
        if "urlconf_module" in self.__dict__:
            super()._populate()  # type: ignore[misc]


class ByFirstWord(URLResolver):
    """The addresses of one app, asked only where an address begins with a word of theirs."""

    @cached_property
    def words(self) -> set[str] | None:
        """None where an address may begin with anything."""
        routes = [str(p.pattern) if isinstance(p.pattern, RoutePattern) else "<" for p in self.url_patterns]
        found = {route.partition("/")[0] for route in routes}
        return None if any("<" in word for word in found) else found

    def resolve(self, path: str) -> ResolverMatch:
        if self.words is not None and path.partition("/")[0] not in self.words:
            raise Resolver404({"path": path, "tried": []})
        return super().resolve(path)


def _of_app(module: str) -> URLResolver:
    found, app_name, namespace = include(module)
    return ByFirstWord(RoutePattern("", is_endpoint=False), found, app_name=app_name, namespace=namespace)


# Some hundred operations with their shapes take 80 MB: a web process loads them with the first call, a worker never.
INTERFACE = OnFirstCall(
    RoutePattern("api/v1/", is_endpoint=False), "zhangfa.config.api", app_name="interface", namespace="interface"
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include(SIGN_IN)),
    INTERFACE,
    path("language/", set_language, name="set_language"),
    *(_of_app(module) for module in PAGES),
]

handler400 = "zhangfa.ui.web.errors.bad_request"
handler403 = "zhangfa.ui.web.errors.forbidden"
handler404 = "zhangfa.ui.web.errors.not_found"
handler500 = "zhangfa.ui.web.errors.server_error"
