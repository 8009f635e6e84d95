"""What the browser complains about while a page is used: errors of scripts, and whatever the content policy refused."""

from __future__ import annotations

from playwright.sync_api import Page


def watch(page: Page, problems: list[str]) -> None:
    """Collect the page's complaints in `problems`, with the address they arose at."""
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on("console", lambda m: problems.append(f"{page.url}: {m.text}") if "Security Policy" in m.text else None)
