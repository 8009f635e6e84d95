"""Care, registered with the house at start-up."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "zhangfa.care"
    label = "care"

    def ready(self) -> None:
        from zhangfa.care import jobs, registrations  # noqa: F401  declares the regular work

        registrations.register()
