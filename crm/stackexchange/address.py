"""Which site is it? No table of a dump says so, only the folder or archive that it comes in: `cooking.stackexchange.com`.

Only hosts of the network are believed, as the answer is part of every key and any folder may have a dot in its name.
"""

import re

ALONE = "stackoverflow|superuser|serverfault|askubuntu|stackapps"
HOST = re.compile(
    rf"(?<![a-z0-9.-])((?:[a-z0-9-]+\.)+stackexchange\.com|(?:[a-z0-9-]+\.)*(?:(?:{ALONE})\.com|mathoverflow\.net))(?![a-z0-9])"
)
OLD_META = re.compile(r"meta\.([a-z0-9-]+)\.stackexchange\.com")


def host_in(name: str) -> str:
    """The site that the parts of a document's name tell, the innermost first; "" where they tell none.

    The discussion sites were called meta.NAME.stackexchange.com once; they get the name they have now.
    """
    for part in reversed(name.lower().split("/")):
        if found := HOST.search(part):
            return OLD_META.sub(r"\1.meta.stackexchange.com", found[1])
    return ""
