"""The interface of the archive: customers, and what is learnt, handed in, noted and asked about them."""

from ninja import Router

from zhangfa.customers.api import archive, customers, file

router = Router()
router.add_router("", customers.router)
router.add_router("", file.router)
router.add_router("", archive.router)

__all__ = ["router"]
