"""The programming interface: the routers of all apps under one address."""

from __future__ import annotations

from importlib import import_module

from zhangfa.ui.api import house

# The order in which the description lists them.
TAGS = (
    "claims",
    "approvals",
    "duties",
    "notices",
    "records",
    "customers",
    "orders",
    "organisation",
    "policy",
    "administration",
)

api = house.build((tag, import_module(f"zhangfa.{tag}.api").router) for tag in TAGS)
urlpatterns = house.addresses(api)
