"""Commands that run Kith for its people, and say how it is set up."""

import gc
import os
import signal
import socket
from pathlib import Path
from typing import Any, get_args, get_type_hints

import click
import msgspec
import psycopg
import uvicorn
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from crm import settings as setting
from crm.cli.meter import Meter
from crm.cli.shell import answer_json, answer_table, as_json, say
from crm.errors import Refusal
from crm.installation import Installation
from crm.settings import Settings
from crm.uploading import Helper
from projections.engine import Engine
from projections.follow import Follower

LOCAL = "127.0.0.1"
PARTING = 3
"""Seconds that open requests are given when the server is stopped."""


@click.command()
@click.option("--host", help="Only 127.0.0.1, this machine, until there is a sign-in.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="The port to listen on; 0 takes a free one.  [default: 8000]"
)
def serve(host: str | None, port: int | None) -> None:
    """Serve the pages on this machine until Ctrl+C."""
    given = setting.read()
    listening = _listen(host or given.host, given.port if port is None else port)
    given = msgspec.structs.replace(given, port=listening.getsockname()[1])
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite end, whoever asks for it
    try:
        _serve(given, listening)
    except KeyboardInterrupt:
        say("Kith has stopped.")


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket. Refusal for any address but this machine's own, and for a port that is taken."""
    if host != LOCAL:
        raise Refusal(f"Kith listens on {LOCAL} only, because it has no sign-in yet: {host} would let anybody in.")
    try:
        listening = socket.create_server((LOCAL, port))
        listening.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
        )  # else each answer waits 40 ms to be acknowledged
        return listening  # noqa: TRY300 - what may fail is all of it
    except OSError as error:
        raise Refusal(
            f"Port {port} cannot be used ({os.strerror(error.errno or 0)}). Choose another one with --port."
        ) from None


class _Server(uvicorn.Server):
    """Says where it is once it answers, and is stopped politely from then on."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            say(f"Kith is at http://{LOCAL}:{listening.getsockname()[1]} on this machine only. Ctrl+C stops it.")


def _serve(given: Settings, listening: socket.socket) -> None:
    from web.app import create_app  # noqa: PLC0415 - only this command needs the pages, and they take a while to load
    from web.rendering import compile_all  # noqa: PLC0415

    with Installation(given, say) as kith:
        with Meter() as meter:
            Engine(kith, tell=meter.events).catch_up()
        engine = Engine(kith)
        follower = Follower(engine)
        site = create_app(kith, engine)
        config = uvicorn.Config(site, log_level="warning", timeout_graceful_shutdown=PARTING, lifespan="on")
        compile_all()
        gc.collect()
        gc.freeze()  # what lives as long as the server is not looked through again and again: that held pages up for 0.3 s
        helper = Helper(kith)
        follower.start()
        helper.start()
        try:
            _Server(config).run(sockets=[listening])
        finally:
            helper.stop()
            follower.stop()


@click.command()
@as_json
def settings(as_json: bool) -> None:
    """Every setting, the environment variable that sets it, its value now and what it is for."""
    rows = [(f"CRM_{name.upper()}", value, text) for name, value, text in _settings(setting.read())]
    if as_json:
        answer_json([{"variable": variable, "value": value, "help": text} for variable, value, text in rows])
    else:
        answer_table(
            ("variable", "value", "what it is"), [(variable, str(value), text) for variable, value, text in rows]
        )


def _settings(given: Settings) -> list[tuple[str, Any, str]]:
    hints = get_type_hints(Settings, include_extras=True)
    return [(name, _shown(name, getattr(given, name)), get_args(hint)[1]) for name, hint in hints.items()]


def _shown(name: str, value: Any) -> Any:
    """A value without what is secret in it."""
    if value and name == "master_key":
        return "(hidden)"
    if value and name == "database_url":
        try:
            parts = conninfo_to_dict(value)
        except psycopg.ProgrammingError:
            return "(not a database URL)"
        return make_conninfo("", **{**parts, **({"password": "…"} if "password" in parts else {})})
    return str(value) if isinstance(value, Path | str) else value


COMMANDS = (serve, settings)
