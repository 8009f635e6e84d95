from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "zhangfa.inspections"
    label = "inspections"

    def ready(self) -> None:
        from zhangfa.inspections import actions, jobs, registrations  # noqa: F401  declares the transitions and the regular work

        registrations.register()
