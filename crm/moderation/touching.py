"""Whom an act of moderation touches: everybody once, and never whoever acts."""

from crm.activity import Role, Who, Whom


def touched(actor: Who | None, *reached: tuple[Who | None, Role]) -> tuple[Whom, ...]:
    """Those who are there, each in the first role that is told of them."""
    found: dict[str, Whom] = {}
    for who, role in reached:
        if who and who.uid not in found and (actor is None or who.uid != actor.uid):
            found[who.uid] = Whom(who, role)
    return tuple(found.values())
