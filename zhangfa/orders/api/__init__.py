from zhangfa.orders.api.operations import router

__all__ = ["router"]
