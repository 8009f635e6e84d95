"""Every address of the product, app by app."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path
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
    "zhangfa.administration.web.urls",
    "zhangfa.customers.web.urls",
    "zhangfa.orders.web.urls",
    "zhangfa.claims.web.urls",
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include(SIGN_IN)),
    path("api/v1/", include("zhangfa.config.api")),
    path("language/", set_language, name="set_language"),
    *(path("", include(module)) for module in PAGES),
]

handler400 = "zhangfa.ui.web.errors.bad_request"
handler403 = "zhangfa.ui.web.errors.forbidden"
handler404 = "zhangfa.ui.web.errors.not_found"
handler500 = "zhangfa.ui.web.errors.server_error"
