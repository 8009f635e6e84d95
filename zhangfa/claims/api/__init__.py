"""Cases and settlements through the programming interface."""

from zhangfa.claims.api.operations import router

__all__ = ["router"]
