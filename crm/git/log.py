"""A repository on disk is read with git itself, one commit at a time, trusting nothing that its configuration says."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from typing import IO

from crm.errors import Refusal

FIELDS = ("%H", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%s", "%b")
SETTINGS = {
    "safe.directory": "*",
    "log.showSignature": "false",
    "core.fsmonitor": "false",
    "i18n.logOutputEncoding": "UTF-8",
}
"""Repositories of other users may be read; nothing that they set is run."""


def is_repository(path: str) -> bool:
    """Whether a folder is a repository, with its files or bare."""
    bare = all(os.path.exists(os.path.join(path, part)) for part in ("HEAD", "objects", "refs"))
    return bare or os.path.exists(os.path.join(path, ".git"))


def remote_of(path: str) -> str:
    """The address of `origin`, empty if there is none. Refusal when git is not installed."""
    with opened(path, "config", "--get", "remote.origin.url") as process:
        return output_of(process).read().decode("utf-8", "replace").strip()


def log_of(path: str) -> Iterator[list[str]]:
    """Every commit before HEAD, newest first, as the texts of `FIELDS`. Refusal when git cannot read on."""
    form = "%x00".join(FIELDS) + "%x00"
    with (
        tempfile.TemporaryFile() as said,
        opened(path, "log", "--no-mailmap", f"--format={form}", errors=said) as git,
    ):
        yield from records(output_of(git))
        if git.wait():
            said.seek(0)
            reason = said.read(1000).decode("utf-8", "replace").strip().removeprefix("fatal: ")
            raise Refusal(f"git cannot read the repository “{path}”: {reason}")


def opened(path: str, *words: str, errors: IO[bytes] | int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
    settings = (part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}"))
    environment = {**os.environ, "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    command = ("git", "--no-pager", *settings, "-C", path, *words)
    try:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment)
    except FileNotFoundError as missing:
        raise Refusal("git is not installed here; install it, or import a dump of the log instead.") from missing


def output_of(process: "subprocess.Popen[bytes]") -> IO[bytes]:
    if process.stdout is None:
        raise ValueError("the process was started without a pipe")
    return process.stdout


def records(stream: IO[bytes]) -> Iterator[list[str]]:
    """The texts between NUL bytes, as many at a time as a commit has fields."""
    fields: list[bytes] = []
    rest = b""
    while chunk := stream.read(1 << 16):
        *whole, rest = (rest + chunk).split(b"\0")
        fields += whole
        for start in range(0, len(fields) - len(FIELDS) + 1, len(FIELDS)):
            yield [field.decode("utf-8", "replace") for field in fields[start : start + len(FIELDS)]]
        fields = fields[len(fields) - len(fields) % len(FIELDS) :]
