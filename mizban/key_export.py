"""Keeps the secret from being lost with its machine: exports it to a public key, and notes that this was done.

A back-up never holds the secret, and without the secret it cannot be read. So none is made before the secret that it
needs was exported once; a small file beside the secret names the secrets that were.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from mizban import age
from mizban.keys import check_of, id_of, older_lines, present_secret, put_secret, secret_file
from mizban.settings import Settings
from mizban.troubles import Trouble

KIND = "secret key of a Mizban"


def export_secret(settings: Settings, *, to: str, file: Path, now: datetime) -> str:
    """Write the secret, encrypted to the public key `to`, into a new file (mode 0600); the id of the secret.

    Raises `Trouble`: there is no secret yet, the file exists, or `to` is no public key or the one of the back-ups:
    the person who opens the back-ups would then hold the secret too.
    """
    try:
        recipient = age.recipient(to)
    except ValueError as wrong:
        raise Trouble(f"What the secret shall be encrypted to {wrong}.") from None
    if to == settings.backup_recipient:
        raise Trouble("Export the secret to another public key than the back-ups': one key would open both.")
    secret = _required(settings)
    kept = {"this is": KIND, "id": id_of(secret), "exported": f"{now:%Y-%m-%d}", "secret": secret.decode()}
    if older := older_lines(settings):
        kept["older"] = "\n".join(each.decode() for each in older)
    content = io.BytesIO()
    age.encrypt(io.BytesIO(json.dumps(kept, indent=1).encode()), content, recipient)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Trouble(f"{file} is there already; give another name.") from None
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content.getvalue())
        opened.flush()
        os.fsync(opened.fileno())
    _note(settings, secret, to=to, now=now)
    return id_of(secret)


def import_secret(settings: Settings, file: Path, *, by: Sequence[age.Identity]) -> str:
    """Put an exported secret into the home folder of a machine that has none; the id of the secret.

    Raises `Trouble`: it is no such file, or another secret is here.
    """
    if not file.exists():
        raise Trouble(f"There is no file {file}.")
    content = io.BytesIO()
    with file.open("rb") as opened:
        age.decrypt(opened, content, by)
    try:
        kept = json.loads(content.getvalue())
        secret = kept["secret"].encode() if kept["this is"] == KIND else b""
        older = kept.get("older", "").encode()
    except (ValueError, KeyError, TypeError, AttributeError):
        secret = older = b""
    if not secret:
        raise Trouble(f"{file} holds no secret key of Mizban.")
    here = present_secret(settings)
    if here is None:
        put_secret(settings, secret, older=older)
    elif here != secret:
        where = "MIZBAN_SECRET_KEY" if settings.secret_key.get_secret_value() else secret_file(settings)
        raise Trouble(f"Another secret is here already ({where}); take it away first.")
    return id_of(secret)


def require_exported(settings: Settings) -> bytes:
    """The present secret, which was exported once. Raises `Trouble`."""
    secret = _required(settings)
    noted = _noted(settings)
    if not any(line.split()[:1] == [check_of(secret)] for line in noted):
        raise Trouble(
            "The secret key has not been exported yet, and no back-up can be read without it. Do that once: "
            "mizban keys export PUBLIC-KEY FILE"
        )
    return secret


def _required(settings: Settings) -> bytes:
    secret = present_secret(settings)
    if secret is None:
        raise Trouble("There is no secret key yet: it is made when Mizban first starts.")
    return secret


def _register(settings: Settings) -> Path:
    return settings.home / "keys" / "exported"


def _noted(settings: Settings) -> list[str]:
    path = _register(settings)
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _note(settings: Settings, secret: bytes, *, to: str, now: datetime) -> None:
    path = _register(settings)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a", encoding="utf-8") as opened:
        opened.write(f"{check_of(secret)} {now:%Y-%m-%d} {to}\n")
