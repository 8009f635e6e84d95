from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "zhangfa.imports"
    label = "imports"

    def ready(self) -> None:
        from zhangfa.imports import registrations

        registrations.register()
