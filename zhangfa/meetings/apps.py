from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "zhangfa.meetings"
    label = "meetings"

    def ready(self) -> None:
        from zhangfa.meetings import actions, registrations  # noqa: F401  declares the transitions

        registrations.register()
