"""Which table a document is: told by its outermost element, as people rename files and old dumps spelled them otherwise."""

import re

from crm.errors import Refusal

SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c"
TABLE = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?<(posts|users|comments|votes|badges|posthistory|postlinks|tags)[\s/>]", re.IGNORECASE
)
DOCUMENT_TYPE = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?<!DOCTYPE")
DECLARED = "this file declares a document type, which no dump does, so it was left unread"
PACKED = "this is a 7z archive, which Kith cannot open; unpack it (7-Zip does that) and give the folder it makes"
OTHER = (
    "this is no table of a Stack Exchange dump; those are Posts.xml, Users.xml, Comments.xml, Votes.xml and their like"
)


def table_in(head: bytes) -> str:
    """Which table begins so, in small letters. Refusal says why it is none."""
    if head.startswith(SEVEN_ZIP):
        raise Refusal(PACKED)
    head = head.removeprefix(b"\xef\xbb\xbf")
    if DOCUMENT_TYPE.match(head):
        raise Refusal(DECLARED)
    if (found := TABLE.match(head)) is None:
        raise Refusal(OTHER if head else "the file is empty")
    return found[1].decode().lower()
