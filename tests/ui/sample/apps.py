from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "tests.ui.sample"
    label = "sample"
