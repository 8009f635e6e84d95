from django.apps import AppConfig


class RegulationsConfig(AppConfig):
    name = "zhangfa.regulations"
    label = "regulations"

    def ready(self) -> None:
        from zhangfa.regulations import actions, registrations  # noqa: F401  declares the transitions

        registrations.register()
