from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "zhangfa.claims"
    label = "claims"

    def ready(self) -> None:
        from zhangfa.claims import actions, registrations  # noqa: F401  declares the transitions

        registrations.register()
