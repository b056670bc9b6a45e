"""Every page there is, found by following links as a person would: one address of each family, starting from the menu.

Each filter is walked by itself: all of them at once would be the same pages many times over.
"""

import re
from collections import deque
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
MOST = 80


def family(address: str) -> str:
    """An address without its ids and the values of its query: pages of one family differ in nothing else."""
    parts = urlsplit(address)
    names = sorted(item.partition("=")[0] for item in parts.query.split("&") if item)
    return _ID.sub("…", parts.path) + ("?" + "&".join(names) if names else "")


def addresses(page: Page, site: str) -> list[str]:
    """One address of each family of pages; downloads and several filters at once are left out."""
    found, waiting = {family("/"): site + "/"}, deque([site + "/"])
    while waiting and len(found) < MOST:
        page.goto(waiting.popleft())
        for href in page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))"):
            address = urljoin(page.url, href).partition("#")[0]
            if address.startswith(site + "/") and not _is_left_out(address) and family(address) not in found:
                found[family(address)] = address
                waiting.append(address)
    return list(found.values())


def _is_left_out(address: str) -> bool:
    parts = urlsplit(address)
    return "as=" in parts.query or "&" in parts.query or parts.path.endswith(("/checkpoint", "/proof"))
