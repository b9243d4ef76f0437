"""The secret of an installation, and the keys derived from it for each purpose."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desk.identity import IdentityKey, IdentityKeys
from desk.storage.encryption import FindingKey, Keys
from mizban.settings import Settings
from mizban.troubles import Trouble

STORAGE = "storage"
"""The purpose of the key that encrypts the data at rest."""
FINDS = "finds-only:"
"""So begins what is kept of a secret that was forgotten: its id and two keys, which find marks and decrypt nothing."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is kept of a secret that was forgotten, so that numbers and codes of before are still recognised."""

    id: str
    identity: bytes = field(repr=False)
    marking: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> Forgotten:
        """What of a secret has to be kept."""
        return cls(id_of(secret), derive(secret, "identity"), FindingKey.of(derive(secret, STORAGE)).marking)

    @classmethod
    def read(cls, line: bytes) -> Forgotten:
        """As it was written. Raises ValueError."""
        id, identity, marking = line.decode().removeprefix(FINDS).split(":")
        return cls(id, bytes.fromhex(identity), bytes.fromhex(marking))

    def __bytes__(self) -> bytes:
        return f"{FINDS}{self.id}:{self.identity.hex()}:{self.marking.hex()}".encode()


def load_secret(settings: Settings) -> bytes:
    """The secret from the settings, or from a file in the home folder, which is created once (mode 0600).

    After a change, papers already known are no longer recognised: a person could then book a second appointment for the
    same service. The addresses of the webhooks change too. It is in no back-up: `mizban keys export` keeps it.
    """
    found = present_secret(settings)
    if found is None:
        _make(secret_file(settings))
        return secret_file(settings).read_bytes().strip()
    return found


def present_secret(settings: Settings) -> bytes | None:
    """The secret from the settings or the home folder; None where none was made yet."""
    given = settings.secret_key.get_secret_value()
    if given:
        return given.encode()
    path = secret_file(settings)
    return path.read_bytes().strip() if path.exists() else None


def older_lines(settings: Settings) -> tuple[bytes, ...]:
    """The secrets of before, from the settings and from the home folder, the newest first, and what is kept of
    forgotten ones."""
    return tuple(dict.fromkeys([*settings.old_secrets, *_kept_lines(settings)]))


def _kept_lines(settings: Settings) -> list[bytes]:
    path = older_file(settings)
    return path.read_bytes().split() if path.exists() else []


def older_secrets(settings: Settings) -> tuple[bytes, ...]:
    """The secrets of before, the newest first."""
    return tuple(line for line in older_lines(settings) if not line.startswith(FINDS.encode()))


def forgotten_secrets(settings: Settings) -> tuple[Forgotten, ...]:
    """What is kept of those that were forgotten. Raises `Trouble` where it was written wrongly."""
    try:
        return tuple(map(Forgotten.read, (line for line in older_lines(settings) if line.startswith(FINDS.encode()))))
    except ValueError:
        raise Trouble(f"What begins with {FINDS} among the older secrets was not written by Mizban.") from None


def forget_secret(settings: Settings, id: str, *, wholly: bool) -> None:
    """Keep of an older secret only what finds; `wholly` = nothing at all. The caller has made sure that it may go.

    Raises `Trouble` where the settings give it, with what takes its place there.
    """
    given = {secret_id(line): line for line in settings.old_secrets}
    if id in given:
        instead = "" if wholly else f" Put this in its place: {bytes(_kept_of(given[id])).decode()}"
        raise Trouble(f"MIZBAN_OLD_SECRET_KEYS gives the secret key {id}: take it out there.{instead}")
    lines = [(secret_id(line), line) for line in _kept_lines(settings)]
    left = [line if each != id else bytes(_kept_of(line)) for each, line in lines if each != id or not wholly]
    _write_over(older_file(settings), b"".join(line + b"\n" for line in left))


def secret_id(line: bytes) -> str:
    """The id of an older secret, or of what is kept of a forgotten one."""
    return _kept_of(line).id


def _kept_of(line: bytes) -> Forgotten:
    return Forgotten.read(line) if line.startswith(FINDS.encode()) else Forgotten.of(line)


def change_secret(settings: Settings) -> tuple[str, str]:
    """Draw a new secret into the home folder and keep the present one as an older one; the ids of both.

    The older one is written down first, so that a crash in between loses neither. Raises `Trouble`.
    """
    if settings.secret_key.get_secret_value():
        raise Trouble(
            "MIZBAN_SECRET_KEY gives the secret: move its value to the front of MIZBAN_OLD_SECRET_KEYS and set "
            "a new one."
        )
    present = present_secret(settings)
    if present is None:
        raise Trouble("There is no secret key yet: it is made when Mizban first starts.")
    new = secrets.token_urlsafe(48).encode()
    _write_over(older_file(settings), b"\n".join(dict.fromkeys([present, *older_lines(settings)])) + b"\n")
    _write_over(secret_file(settings), new)
    return id_of(new), id_of(present)


def older_file(settings: Settings) -> Path:
    """Where the secrets of before are kept, one a line, the newest first."""
    return secret_file(settings).with_name("older.keys")


def _write_over(path: Path, content: bytes) -> None:
    """Put a file in place as a whole (mode 0600), on the disk before it takes the name."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def put_secret(settings: Settings, secret: bytes, *, older: bytes = b"") -> None:
    """Write it into the home folder, where there is none yet, with those of before, one a line."""
    secret_file(settings).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if older:
        _write_over(older_file(settings), older + b"\n")
    _make(secret_file(settings), secret)


def check_of(secret: bytes) -> str:
    """The check value of a secret (64 hex digits): it tells two secrets apart and nothing of either.

    It begins with the name that what is encrypted with this secret carries.
    """
    name = Keys(derive(secret, STORAGE)).name
    return name + derive(secret, "check").hex()[len(name) :]


def id_of(secret: bytes) -> str:
    """The first eight digits of the check value, by which people name a secret."""
    return check_of(secret)[:8]


def secret_file(settings: Settings) -> Path:
    """Where the secret is kept when no setting gives one."""
    return settings.home / "keys" / "secret.key"


def _make(path: Path, secret: bytes | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret or secrets.token_urlsafe(48).encode())
    try:
        os.link(draft, path)  # of two starting processes the first one wins
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def load_keys(settings: Settings) -> Keys:
    """What encrypts the data at rest: the key of the present secret, and those of earlier ones, which only decrypt."""
    return Keys(
        derive(load_secret(settings), STORAGE),
        [derive(old, STORAGE) for old in older_secrets(settings)],
        finding=[FindingKey(each.id, each.marking) for each in forgotten_secrets(settings)],
    )


def load_identity_keys(settings: Settings) -> IdentityKeys:
    """What keys the hash of identity numbers: by the present secret, and by those of before."""
    kept = [IdentityKey(each.id, each.identity) for each in forgotten_secrets(settings)]
    older = map(_identity_key, older_secrets(settings))
    return IdentityKeys(_identity_key(load_secret(settings)), (*older, *kept))


def _identity_key(secret: bytes) -> IdentityKey:
    return IdentityKey(id_of(secret), derive(secret, "identity"))


def derive(secret: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose; the key of one purpose reveals nothing about another."""
    return hmac.new(secret, f"mizban:{purpose}".encode(), hashlib.sha256).digest()


def known_secrets(settings: Settings) -> list[bytes]:
    """The present secret, where one was made yet, and those of before."""
    present = present_secret(settings)
    return [*([] if present is None else [present]), *older_secrets(settings)]


def checks_needed(settings: Settings) -> list[str]:
    """The check values of the secrets that what is stored now can be read with, the present one first."""
    return [check_of(secret) for secret in known_secrets(settings)]


def require_known(settings: Settings, checks: Sequence[str]) -> None:
    """Refuse what was made with a secret that is not on this machine. Raises `Trouble`."""
    known = checks_needed(settings)
    missing = [check[:8] for check in checks if check not in known]
    if missing:
        here = f"here is {', '.join(check[:8] for check in known)}" if known else "here is none"
        raise Trouble(
            f"It was made with the secret key {', '.join(missing)}, and {here}. Nothing was touched. Put that key "
            "back first: mizban keys import FILE --identity FILE"
        )
