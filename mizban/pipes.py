"""Encrypts and decrypts what is piped through, such as a dump of PostgreSQL; its first line names the secrets it needs.

Inside the encryption the first line is `mizban 1` and the check values of the secrets. It is taken off again, and
compared with the secrets of this machine before the first byte goes on: an operator with the wrong secret hears
so while nothing is touched yet.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import BinaryIO

from mizban import age
from mizban.key_export import require_exported
from mizban.keys import checks_needed, require_known
from mizban.settings import Settings
from mizban.troubles import Trouble

BEGINS = b"mizban 1 "
LONGEST = 4096
"""A first line is never longer."""


def recipient_of_backups(settings: Settings) -> age.Recipient:
    """The public key that back-ups are encrypted to. Raises `Trouble`: none is set."""
    if not settings.backup_recipient:
        raise Trouble(
            "Back-ups are encrypted to a public key whose private half is not on this machine: set it in "
            "MIZBAN_BACKUP_RECIPIENT. `mizban keys pair FILE` makes a pair."
        )
    return age.recipient(settings.backup_recipient)


def encrypt(settings: Settings, source: BinaryIO, target: BinaryIO) -> None:
    """Encrypt a stream to the back-ups' public key. Raises `Trouble`."""
    to = recipient_of_backups(settings)
    require_exported(settings)
    line = BEGINS + " ".join(checks_needed(settings)).encode() + b"\n"
    age.encrypt(io.BufferedReader(_Behind(line, source)), target, to)


def decrypt(settings: Settings, source: BinaryIO, target: BinaryIO, *, by: Sequence[age.Identity]) -> None:
    """Decrypt a stream; of one that `encrypt` made, only where this machine has the secrets. Raises `Trouble`."""
    checked = _Checked(settings, target)
    # A raw stream as target: a buffered one would hide the `Trouble` until it is closed.
    age.decrypt(source, checked, by)  # type: ignore[arg-type]  # pyrage only writes to it
    checked.finish()
    target.flush()


class _Behind(io.RawIOBase):
    """A line, and behind it a stream."""

    def __init__(self, line: bytes, rest: BinaryIO) -> None:
        self._line = io.BytesIO(line)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader hands over
        read = self._line.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(read)] = read
        return len(read)


class _Checked(io.RawIOBase):
    """Passes on what is written to it, but not its first line, and nothing before that was looked at.

    Once refused it stays so: who decrypts writes the rest of its buffer even after a write has failed.
    """

    def __init__(self, settings: Settings, target: BinaryIO) -> None:
        self._settings = settings
        self._target = target
        self._held = b""
        self._is_open = False

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]  # pyrage writes bytes
        if self._is_open:
            self._target.write(piece)
            return len(piece)
        self._held += piece
        if b"\n" in self._held or len(self._held) > LONGEST or not self._may_be_ours():
            self.finish()
        return len(piece)

    def finish(self) -> None:
        """Look at what is held back, and pass on what belongs to the content. Raises `Trouble`."""
        if self._is_open:
            return
        content = self._held
        if content.startswith(BEGINS):
            line, _, content = content.partition(b"\n")
            require_known(self._settings, line.removeprefix(BEGINS).decode("ascii", "replace").split())
        self._is_open = True
        self._target.write(content)

    def _may_be_ours(self) -> bool:
        return self._held[: len(BEGINS)] == BEGINS[: len(self._held)]
