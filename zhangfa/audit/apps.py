from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "zhangfa.audit"
    label = "audit"

    def ready(self) -> None:
        from zhangfa.audit.actions import record_event
        from zhangfa.core.transitions import sink

        sink(90, "audit", record_event)
