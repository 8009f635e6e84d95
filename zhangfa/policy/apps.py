from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "zhangfa.policy"
    label = "policy"

    def ready(self) -> None:
        from zhangfa.policy import checks, subjects  # noqa: F401  both register themselves
