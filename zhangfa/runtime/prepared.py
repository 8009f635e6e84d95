"""How many prepared statements a connection to PostgreSQL keeps (ADR 0018)."""

from typing import Any

from django.db.backends.signals import connection_created

# All pages and steps together send some hundreds; the driver's own hundred would throw out what comes next.
KEPT = 500


def _keep(sender: Any, connection: Any, **_kwargs: Any) -> None:
    if connection.vendor == "postgresql":
        connection.connection.prepared_max = KEPT


connection_created.connect(_keep, dispatch_uid="prepared-statements")
