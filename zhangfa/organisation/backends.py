"""Who signs in: allauth's own check of the password, and the login behind each request."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from zhangfa.core.compiled import Compiled
from zhangfa.organisation.models import User

# Asked by every request.
_login = Compiled(lambda pk: User.objects.filter(pk=pk), pk=(7_700_001, 7_700_002))


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Finds the login with its person in a query that is put into words once."""

    def get_user(self, user_id: Any) -> User | None:
        user = next(iter(_login(pk=user_id)), None)
        return user if user is not None and self.user_can_authenticate(user) else None
