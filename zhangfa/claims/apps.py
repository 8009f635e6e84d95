from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "zhangfa.claims"
    label = "claims"

    def ready(self) -> None:
        from zhangfa.claims import actions, consumption, keeping, registrations  # noqa: F401  declares the transitions
        from zhangfa.customers import registry as customers

        registrations.register()
        customers.keepers["claims"] = keeping.KEEPER
        customers.consumption["claims"] = consumption.lines
