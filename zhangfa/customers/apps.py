from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "zhangfa.customers"
    label = "customers"
