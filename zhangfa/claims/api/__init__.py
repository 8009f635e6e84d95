"""Cases, settlements and their published tables through the programming interface."""

from ninja import Router

from zhangfa.claims.api import lessons, operations, tables

router = Router()
router.add_router("", operations.router)
router.add_router("", tables.router)
router.add_router("", lessons.router)

__all__ = ["router"]
