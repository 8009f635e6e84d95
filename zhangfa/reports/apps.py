"""The reports, registered with the house at start-up."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "zhangfa.reports"
    label = "reports"

    def ready(self) -> None:
        from zhangfa.reports import jobs, registrations  # noqa: F401  declares the regular work

        registrations.register()
