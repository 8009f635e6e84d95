from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "zhangfa.orders"
    label = "orders"
