"""Cases, settlements and their published tables through the programming interface."""

from ninja import Router

from zhangfa.claims.api import operations, tables

router = Router()
router.add_router("", operations.router)
router.add_router("", tables.router)

__all__ = ["router"]
