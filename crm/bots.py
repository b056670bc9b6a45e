"""Machines write in communities too; no one wants to thank them, so every importer asks the same question here.

The rule prefers to miss a machine over calling a person one: logins like `shawnbot` and `simplerobot` belong to people.
"""

import re

SERVICES = """
allcontributors appveyor bors codecov-commenter codecov-io copilot copilot-swe-agent coveralls cursoragent dependabot
dependabot-preview discobot github-actions gitcoinbot gitguardian greenkeeper hubot imgbot k8s-ci-robot mergify mergifyio
netlify no-reply noreply pre-commit-ci readthedocs renovate sonarcloud transifex-integration travis-ci vercel weblate
web-flow
"""
KNOWN = frozenset(SERVICES.split())
"""Logins and mailboxes, without `[bot]`, of services that act on their own."""

SHAPE = re.compile(r"\[bot\]|(?i:(?:^|[-_ .])bot$)|[a-z0-9]Bot$")


def is_bot(login: str, name: str, email: str) -> bool:
    """Whether an account is a machine, by how it is called; any of the three may be empty."""
    mailbox = email.partition("@")[0].rpartition("+")[2]
    called = (word for word in (login, name, mailbox) if word)
    return any(word.lower() in KNOWN or SHAPE.search(word) is not None for word in called)
