"""Settings, each from one environment variable, each with a sentence of help. Nothing else reads the environment."""

import os
from pathlib import Path
from typing import Annotated, get_args, get_type_hints

import msgspec

from crm.errors import Refusal


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`CRM_` and the field's name in capitals is the variable; the annotation's text is its help."""

    home: Annotated[Path, "Where Kith keeps its database and its master key."] = Path("~/.local/share/kith")
    database_url: Annotated[str, "A PostgreSQL from 15 on to use instead of the embedded one."] = ""
    master_key: Annotated[str, "The master key itself (base64), instead of the file master.key in CRM_HOME."] = ""
    host: Annotated[str, "The address the server listens on; only this machine's own until sign-in exists."] = (
        "127.0.0.1"
    )
    port: Annotated[int, "The port the server listens on."] = 8000


def read(environment: dict[str, str] | None = None) -> Settings:
    """Settings from the environment; Refusal names the variable that does not fit."""
    environment = dict(os.environ) if environment is None else environment
    given: dict[str, object] = {}
    for name, hint in get_type_hints(Settings, include_extras=True).items():
        kind = get_args(hint)[0]
        value = environment.get(f"CRM_{name.upper()}", "")
        if not value:
            continue
        try:
            given[name] = kind(value)
        except ValueError:
            raise Refusal(f"CRM_{name.upper()} is “{value}”, which is not a number.") from None
    settings = Settings(**given)  # type: ignore[arg-type]
    return msgspec.structs.replace(settings, home=settings.home.expanduser().absolute())
