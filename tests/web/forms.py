"""Sending a form as a browser does: with the token of the page it stands on."""

import re
from typing import Any

from tests.web.conftest import Site


def token(site: Site) -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="_csrf_token" value="([^"]+)"', site.page("/system"))
    assert found
    return found[1]


def send(site: Site, path: str, **form: str) -> Any:
    """The answer to a form, redirects not followed."""
    return site.client.post(path, data={"_csrf_token": token(site), **form}, follow_redirects=False)


def said(site: Site, path: str = "/") -> str:
    """The notice that the next page shows."""
    found = re.search(r"data-toast><p>(.*?)</p>", site.page(path))
    return found[1] if found else ""
