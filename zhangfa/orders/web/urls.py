"""Addresses of the orders."""

from django.urls import path

from zhangfa.orders.web import pages

app_name = "orders"
urlpatterns = [
    path("orders/", pages.Orders.as_view(), name="list"),
    path("orders/<int:pk>/", pages.OrderPage.as_view(), name="order"),
]
