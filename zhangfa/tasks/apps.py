from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "zhangfa.tasks"
    label = "tasks"

    def ready(self) -> None:
        from zhangfa.tasks import registrations

        registrations.register()
