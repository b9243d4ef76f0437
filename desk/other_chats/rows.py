"""The other chat as the first one may know it: its messenger and no more; and a code that was just made."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class OtherChatRow(NamedTuple):
    """The chat with which one is connected."""

    channel: str
    works_from: datetime | None
    """From when what cannot be told in one is told in the other; None = the one that showed the code was not told of it
    yet."""


class NewCode(NamedTuple):
    """A code that is shown once."""

    digits: str
    until: datetime
