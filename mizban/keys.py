"""The secret of an installation, and the keys derived from it for each purpose."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from desk.storage.encryption import Keys
from mizban.settings import Settings

STORAGE = "storage"
"""The purpose of the key that encrypts the data at rest."""


def load_secret(settings: Settings) -> bytes:
    """The secret from the settings, or from a file in the home folder, which is created once (mode 0600).

    After a change, papers already known are no longer recognised: a person could then book a second appointment for the
    same service. The addresses of the webhooks change too. Keep it with the back-ups.
    """
    given = settings.secret_key.get_secret_value()
    if given:
        return given.encode()
    path = secret_file(settings)
    if not path.exists():
        _make(path)
    return path.read_bytes().strip()


def secret_file(settings: Settings) -> Path:
    """Where the secret is kept when no setting gives one."""
    return settings.home / "keys" / "secret.key"


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)  # of two starting processes the first one wins
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def load_keys(settings: Settings) -> Keys:
    """What encrypts the data at rest: the key of the present secret, and those of earlier ones, which only decrypt."""
    return Keys(derive(load_secret(settings), STORAGE), [derive(old, STORAGE) for old in settings.old_secrets])


def derive(secret: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose; the key of one purpose reveals nothing about another."""
    return hmac.new(secret, f"mizban:{purpose}".encode(), hashlib.sha256).digest()
