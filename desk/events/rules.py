"""What an event may say: who acted, which subjects it touches, and which values differ."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

Data = Mapping[str, Any]
"""Ids, codes of vocabularies, amounts and days, and the texts that the office publishes; plain JSON values.

Never a name, never the number of a paper, never what somebody wrote or what was written about them.
"""


class ActorKind(StrEnum):
    """Who acted. Of a chat no id is kept: it would lead to a person."""

    STAFF = "staff"
    CHAT = "chat"
    SYSTEM = "system"


def differences(old: Data, new: Data) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of two states of the same thing the values that are not the same, before and after."""
    names = [name for name in (*old, *(name for name in new if name not in old)) if old.get(name) != new.get(name)]
    return {name: old.get(name) for name in names}, {name: new.get(name) for name in names}
