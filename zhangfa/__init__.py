"""Zhangfa 章法: the position handbook of a home-service company as a working system."""

__version__ = "0.1.0"
