"""Machines are told from people by how they are called, and a person is never taken for one."""

import pytest

from crm.bots import is_bot


@pytest.mark.parametrize(
    ("login", "name", "email"),
    [
        ("dependabot[bot]", "", ""),
        ("", "renovate[bot]", ""),
        ("", "someone", "41898282+github-actions[bot]@users.noreply.github.com"),
        ("github-actions", "", ""),
        ("pre-commit-ci", "", ""),
        ("allcontributors", "", ""),
        ("", "", "198982749+Copilot@users.noreply.github.com"),
        ("nrel-bot", "", ""),
        ("", "Release Bot", ""),
        ("DrahtBot", "", ""),
        ("", "An Assistant", "noreply@anthropic.com"),
    ],
)
def test_machines_are_recognised(login: str, name: str, email: str) -> None:
    assert is_bot(login, name, email)


@pytest.mark.parametrize(
    ("login", "name", "email"),
    [
        ("", "", ""),
        ("shawnbot", "", ""),
        ("", "Bot Tran", ""),
        ("PeacefulRobot", "", ""),
        ("abbott567", "", ""),
        ("", "Chris Talbot", "chris@talbothome.example"),
        ("", "František Kučera", "f@robot.example"),
        ("claudex", "Claude Monet", "claude@example.org"),
        ("", "Mai Phương", "12+maiphuong@users.noreply.github.com"),
    ],
)
def test_people_are_not_taken_for_machines(login: str, name: str, email: str) -> None:
    assert not is_bot(login, name, email)
