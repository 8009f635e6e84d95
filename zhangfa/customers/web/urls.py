"""Addresses of the customer archive."""

from django.urls import path

from zhangfa.customers.web import pages

app_name = "customers"
urlpatterns = [
    path("customers/", pages.Customers.as_view(), name="list"),
    path("customers/new/", pages.CustomerCreate.as_view(), name="new"),
    path("customers/<int:pk>/", pages.CustomerPage.as_view(), name="customer"),
    path("customers/<int:pk>/edit/", pages.CustomerEdit.as_view(), name="edit"),
    path("customers/<int:pk>/reveal/<slug:field>/", pages.CustomerReveal.as_view(), name="reveal"),
]
