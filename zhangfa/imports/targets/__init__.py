from zhangfa.imports.target import Target
from zhangfa.imports.targets.customers import CUSTOMERS
from zhangfa.imports.targets.orders import ORDERS
from zhangfa.imports.targets.staff import STAFF

TARGETS: dict[str, Target] = {target.key: target for target in (CUSTOMERS, ORDERS, STAFF)}
