from zhangfa.orders.demo.prices import install_products
from zhangfa.orders.demo.year import AHEAD, COUNTS, build, contract_of

__all__ = ["AHEAD", "COUNTS", "build", "contract_of", "install_products"]
