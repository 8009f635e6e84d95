from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "zhangfa.runtime"
    label = "runtime"

    def ready(self) -> None:
        from zhangfa.runtime import prune  # noqa: F401  registers its daily slot
