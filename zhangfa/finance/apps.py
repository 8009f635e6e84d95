from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "zhangfa.finance"
    label = "finance"
