from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "zhangfa.audit"
    label = "audit"

    def ready(self) -> None:
        from zhangfa.audit.actions import look_when_opened, record_event
        from zhangfa.audit.seals import seal
        from zhangfa.core.transitions import sink
        from zhangfa.runtime.schedule import every
        from zhangfa.ui import registry

        sink(90, "audit", record_event)
        registry.opened.add("audit", look_when_opened)
        every("audit.seal", minutes=1)(seal)
