"""What a target of output may be counted in, and how many yuan each is."""

from decimal import Decimal

YUAN = {"元": Decimal(1), "万元": Decimal(10000)}
