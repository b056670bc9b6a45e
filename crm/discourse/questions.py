"""Is a topic a question? Somebody waits for help there, so it must be seldom wrong rather than complete.

The forum's own word comes first (an accepted answer, or that one may be chosen); then the title, in two
languages.
"""

import re

from crm.discourse.shapes import Post, Topic

OPENINGS = """
how do i|how can i|how should i|why does|why is|why do|is there an?|is it possible|can i|can someone
can anyone|does anyone|does anybody|has anyone|has anybody|any way to|anyone know
làm sao|làm thế nào|tại sao|vì sao|có ai|có cách nào|cho em hỏi|cho mình hỏi|cho hỏi|xin hỏi|em hỏi
"""
ENDINGS = "thế nào|làm sao|được không|phải không|vì sao|tại sao|như nào|ở đâu"
MARK = re.compile(r"[?？][\s\])}>!.…\"'”’]*(?:[\[(][^\])]*[\])])?\s*$")
OPENING = re.compile(rf"^\W*(?:\[[^\]]*\]\s*)?(?:{'|'.join(OPENINGS.split(chr(10))).strip('|')})\b", re.IGNORECASE)
ENDING = re.compile(rf"\b(?:{ENDINGS})\W*$", re.IGNORECASE)


def asks(title: str) -> bool:
    """Whether a title is worded as a question; “How to …” is not, as guides are called so too."""
    return any(shape.search(title) is not None for shape in (MARK, OPENING, ENDING))


def is_question(topic: Topic, posts: list[Post]) -> bool:
    """Whether a topic asks for something, from what is known of it."""
    solvable = any(post.accepted_answer or post.can_accept_answer for post in posts)
    return topic.accepted_answer is not None or solvable or asks(topic.title or "")
