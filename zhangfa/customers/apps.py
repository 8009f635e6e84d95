"""The customer archive, registered with the house at start-up."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "zhangfa.customers"
    label = "customers"

    def ready(self) -> None:
        from zhangfa.customers import jobs, registrations  # noqa: F401  declares the regular work

        registrations.register()
