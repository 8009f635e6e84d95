from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "zhangfa.people"
    label = "people"

    def ready(self) -> None:
        from zhangfa.people import actions, jobs, registrations  # noqa: F401  declares the transitions and the alarm

        registrations.register()
