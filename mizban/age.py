"""Files in the age format: encrypted to a public key, opened with the private key that is kept elsewhere."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, cast

import pyrage

from mizban.troubles import Trouble

MAGIC = b"age-encryption.org/v1"
"""How each age file begins."""
PRIVATE = "AGE-SECRET-KEY-1"
Recipient = pyrage.x25519.Recipient
"""A public key."""
Identity = pyrage.x25519.Identity
"""A private key."""


def recipient(text: str) -> Recipient:
    """The public key that begins with `age1`; raises ValueError, whose text never repeats what was given."""
    if text.upper().startswith(PRIVATE):
        raise ValueError("is the private key: give the public one, which begins with age1")
    try:
        return Recipient.from_str(text)
    except pyrage.RecipientError:
        raise ValueError("is no public key of age, which begins with age1 and has 62 signs") from None


def new_pair() -> tuple[str, str]:
    """A new private key and the public key that belongs to it."""
    identity = Identity.generate()
    return str(identity), str(identity.to_public())


def identities(file: Path) -> list[Identity]:
    """The private keys of a file as age-keygen writes it. Raises `Trouble`."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        found = [Identity.from_str(line.strip()) for line in lines if line.strip().startswith(PRIVATE)]
    except FileNotFoundError:
        raise Trouble(f"There is no file {file}.") from None
    except (UnicodeDecodeError, pyrage.IdentityError):
        found = []
    if not found:
        raise Trouble(f"{file} holds no private key of age, a line that begins with {PRIVATE}.")
    return found


def is_age(file: Path) -> bool:
    """Whether the file begins as an age file does."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def encrypt(source: BinaryIO, target: BinaryIO, to: Recipient) -> None:
    """Encrypt all of `source` into `target`, piece by piece."""
    pyrage.encrypt_io(cast(io.BufferedIOBase, source), cast(io.BufferedIOBase, target), [to])


def decrypt(source: BinaryIO, target: BinaryIO, by: Sequence[Identity]) -> None:
    """Decrypt all of `source` into `target`, piece by piece.

    Raises `Trouble`: the keys do not open it, or it is no age file, or a torn or changed one. What came before the
    place where it is torn is then written already.
    """
    try:
        pyrage.decrypt_io(cast(io.BufferedIOBase, source), cast(io.BufferedIOBase, target), by)
    except pyrage.DecryptError as error:
        if "matching" in str(error):
            raise Trouble("This private key does not open it: it was encrypted to another public key.") from None
        raise Trouble("It is not an age file, or its beginning is damaged.") from None
    except OSError as error:
        if error.errno is not None:  # the disk or the pipe, not the file
            raise
        raise Trouble("It is torn or was changed: it does not decrypt to its end.") from None
