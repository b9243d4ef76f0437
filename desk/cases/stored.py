"""What cases hold of people as it is stored: encrypted, each value with its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.codes import TrackingCode
from desk.storage.encryption import Keys

CODE = "cases.code_sealed"
NAME = "cases.name_sealed"
FACTS = "cases.facts_sealed"
TEXT = "case_entries.text_sealed"
VOICE = "case_entries.voice_sealed"
DRAFT = "case_drafts.text_sealed"
"""A draft is authenticated with its case."""
CODE_MARK = "a case by its code"
"""The purpose of the marks of codes; what waits to be handed over has others, so that the two are not joined."""


def stored_code(keys: Keys, code: TrackingCode, *, id: int) -> dict[str, Any]:
    """The columns of a case that hold its code."""
    return {
        "code_mark": mark_of_code(keys, code),
        "code_sealed": keys.encrypt(code.digits, column=CODE, row=id),
    }


def mark_of_code(keys: Keys, code: TrackingCode) -> str:
    """By the current key; what a new row gets."""
    return keys.mark(CODE_MARK, code.digits)


def marks_of_code(keys: Keys, code: TrackingCode) -> tuple[str, ...]:
    """The marks of a code by each key, the current one first."""
    return keys.marks(CODE_MARK, code.digits)


def code_of(keys: Keys, stored: bytes, *, id: int) -> TrackingCode:
    """The code of a case."""
    return TrackingCode(keys.decrypt(stored, column=CODE, row=id))


def stored_case(keys: Keys, *, id: int, name: str | None, facts: Mapping[str, str]) -> dict[str, bytes | None]:
    """The columns of what the person said besides their texts."""
    return {
        "name_sealed": keys.encrypt(name, column=NAME, row=id) if name else None,
        "facts_sealed": keys.seal(dict(facts), column=FACTS, row=id),
    }


def stored_entry(keys: Keys, *, id: int, text: str | None, voice: Mapping[str, Any] | None) -> dict[str, bytes | None]:
    """The columns of what was said in an entry."""
    return {
        "text_sealed": keys.encrypt(text, column=TEXT, row=id) if text else None,
        "voice_sealed": None if voice is None else keys.seal(dict(voice), column=VOICE, row=id),
    }


def read_name(keys: Keys, stored: bytes | None, *, id: int) -> str | None:
    """The name of a case."""
    return None if stored is None else keys.decrypt(stored, column=NAME, row=id)


def read_facts(keys: Keys, stored: bytes | None, *, id: int) -> dict[str, str]:
    """Its answers; none where they were erased."""
    facts: dict[str, str] = {} if stored is None else keys.open_sealed(stored, column=FACTS, row=id)
    return facts


def read_text(keys: Keys, stored: bytes | None, *, id: int) -> str | None:
    """The text of an entry."""
    return None if stored is None else keys.decrypt(stored, column=TEXT, row=id)


def read_voice(keys: Keys, stored: bytes | None, *, id: int) -> dict[str, Any] | None:
    """Its voice note."""
    voice: dict[str, Any] | None = None if stored is None else keys.open_sealed(stored, column=VOICE, row=id)
    return voice
