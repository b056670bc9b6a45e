"""The same heading is written “Họ và tên”, “HO_VA_TEN” or “ho va ten”; folded, they are one."""

import re
import unicodedata
from functools import lru_cache

CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
BETWEEN = re.compile(r"[\W_]+")


@lru_cache(4096)
def fold(text: str) -> str:
    """Small letters without marks, the words separated by single spaces."""
    plain = unicodedata.normalize("NFD", CAMEL.sub(" ", text).replace("đ", "d").replace("Đ", "D"))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return BETWEEN.sub(" ", bare).strip().lower()
