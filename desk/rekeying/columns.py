"""Every column that depends on the secret key: what is encrypted, and what was hashed with a key so that it is found.

A test compares both lists with the tables, so that no new column is forgotten when the key is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Encrypted:
    """The encrypted columns of one table."""

    table: str
    columns: tuple[str, ...]
    row: str = "id"
    """The column whose number the values are authenticated with."""


ENCRYPTED: Final = (
    Encrypted("conversations", ("chat_sealed", "state_sealed")),
    Encrypted("persons", ("last4_sealed",)),
    Encrypted("known_persons", ("name_sealed", "nickname_sealed")),
    Encrypted("appointments", ("name_sealed",), row="code"),
    Encrypted("visits", ("note_sealed",), row="appointment_id"),
    Encrypted("service_records", ("why_sealed", "reference_sealed"), row="appointment_id"),
    Encrypted("inquiries", ("code_sealed",)),
    Encrypted("broker_reports", ("words_sealed",)),
    Encrypted("transfers", ("moved_sealed",)),
    Encrypted("case_arrivals", ("sealed",)),
    Encrypted("cases", ("code_sealed", "name_sealed", "facts_sealed")),
    Encrypted("case_entries", ("text_sealed", "voice_sealed")),
    Encrypted("case_drafts", ("text_sealed",), row="case_id"),
    Encrypted("staff_totp", ("secret", "new_secret"), row="staff_id"),
    Encrypted("leaves", ("reason_sealed", "word_sealed")),
    Encrypted("draws", ("system_sealed",)),
)
"""All of it is written anew under the present key, with the marks of its row."""

IN_CLEAR: Final = {
    "staff_passkeys.public_key": "the public half of a key",
    "draw_files.body": "published, and packed",
}
"""Bytes that are no secret, each with the reason."""


class Moves(StrEnum):
    """How a mark comes under the present key; until then it is looked for under the older ones too."""

    WITH_ITS_ROW = "with its row"
    """It is made anew from what is encrypted in its row or beside it."""
    AT_NEXT_USE = "at its next use"
    """Nobody knows here what was hashed: it moves, or is used up, when somebody writes that again."""
    BY_ITSELF = "by itself"
    """Nobody knows it either, and the row is deleted when its time is over."""


@dataclass(frozen=True, slots=True)
class MarkColumn:
    """A column of keyed hashes."""

    moves: Moves
    of: str
    """What is hashed."""
    name_at: int = 0
    """The place of the sign with which the name of the key begins; 0 = the row tells the key otherwise."""
    named_by: str = ""
    """The column of the same table that names the key."""


MARKS: Final[Mapping[str, MarkColumn]] = {
    "conversations.chat_mark": MarkColumn(Moves.WITH_ITS_ROW, "the address of a chat"),
    "conversations.limits_mark": MarkColumn(Moves.WITH_ITS_ROW, "the address of a chat, for its counts", name_at=1),
    "cases.code_mark": MarkColumn(Moves.WITH_ITS_ROW, "the code of the case"),
    "case_words.mark": MarkColumn(Moves.WITH_ITS_ROW, "a word of a case; tells no key, and is made with the texts"),
    "case_arrivals.mark": MarkColumn(Moves.BY_ITSELF, "the code of a case that is handed over within fifteen minutes"),
    "chat_counters.mark": MarkColumn(Moves.BY_ITSELF, "the address of a chat that was erased: seven days", name_at=1),
    "chat_allowances.mark": MarkColumn(
        Moves.BY_ITSELF, "the address of a chat that was erased: thirty days", name_at=1
    ),
    "transfer_tries.mark": MarkColumn(Moves.BY_ITSELF, "a code or a chat that was tried: seven days", name_at=1),
    "counter_codes.mark": MarkColumn(Moves.BY_ITSELF, "a code from the counter: fifteen minutes", name_at=1),
    "walk_in_slips.mark": MarkColumn(Moves.BY_ITSELF, "the secret of a printed slip: seven days after it", name_at=1),
    "walk_in_slips.spent_mark": MarkColumn(Moves.BY_ITSELF, "the same once it has served", name_at=1),
    "other_chat_codes.mark": MarkColumn(Moves.BY_ITSELF, "a code of another chat: half an hour", name_at=1),
    "tombstones.mark": MarkColumn(Moves.BY_ITSELF, "the id of what was erased: a minute", named_by="key_name"),
    "persons.identity_hash": MarkColumn(Moves.AT_NEXT_USE, "the number of a paper", name_at=4),
    "chat_words.word_hash": MarkColumn(Moves.AT_NEXT_USE, "the word of a chat, used up by a transfer", name_at=4),
    "staff_recovery_codes.mark": MarkColumn(Moves.AT_NEXT_USE, "a recovery code, used up by a sign-in", name_at=1),
}

NOT_KEYED: Final[Mapping[str, str]] = {
    "event_seals.hash": "a hash over lines of the history",
    "draws.frozen_hash": "a hash over a published list",
    "draws.system_hash": "a hash of a random number, which is published with it",
    "draws.word_hash": "a hash of a word that is published",
    "form_keys.key_hash": "a hash of a random key",
    "staff_members.password_hash": "argon2 with its own salt",
    "staff_devices.token_hash": "a hash of a random token",
    "staff_sessions.token_hash": "a hash of a random token",
    "staff_sessions.device_hash": "a hash of a random token",
    "staff_sessions.proof_hash": "a hash of a random token",
}
"""Hashes that no key of ours is in, each with what it is."""
