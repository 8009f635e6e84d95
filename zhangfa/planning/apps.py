from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "zhangfa.planning"
    label = "planning"

    def ready(self) -> None:
        from zhangfa.planning import registrations

        registrations.register()
