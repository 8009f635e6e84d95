"""The connection of a process: prepared statements are kept, and whether it still stands is seen without asking the server."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base

# All pages and steps together send some hundreds; the driver's own hundred would throw out what comes next.
KEPT = 500


class DatabaseWrapper(base.DatabaseWrapper):
    def init_connection_state(self) -> None:
        super().init_connection_state()
        self.connection.prepared_max = KEPT

    def is_usable(self) -> bool:
        """Whether a connection that waited may be used again. A server that went away has said so or closed its end, and either can
        be read: silence is health. A statement that asks would cost each request a round trip."""
        is_silent = not self.errors_occurred and self.connection is not None and not self._has_news()
        return is_silent or super().is_usable()

    def _has_news(self) -> bool:
        if self.connection.closed:
            return True
        watch = select.poll()
        watch.register(self.connection.fileno(), select.POLLIN)
        return bool(watch.poll(0))
