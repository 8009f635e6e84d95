"""The whole workbench as its reader sees it: the first view and the parts that are fetched after it."""

from typing import Any

from zhangfa.ui.web.views import BELOW


def bench(client: Any) -> str:
    """All of it as one text."""
    addresses = ["/", *(f"/bench/{part}/" for part in BELOW)]
    return "".join(client.get(address).content.decode() for address in addresses)
