from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "zhangfa.orders"
    label = "orders"

    def ready(self) -> None:
        from zhangfa.customers import registry as customers
        from zhangfa.orders import actions, consumption, jobs, keeping, queries, registrations  # noqa: F401  declares the transitions and the regular work

        registrations.register()
        customers.served.set(queries.customers_served)
        customers.keepers["orders"] = keeping.KEEPER
        customers.consumption["orders"] = consumption.lines
