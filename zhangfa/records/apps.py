from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "zhangfa.records"
    label = "records"
