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
    is_being_told: bool = True
    """Whether that is still on its way; False = it never arrived there, and the connection will never begin."""

    @property
    def never_begins(self) -> bool:
        """Whether it has to be connected anew before anything is told in the other."""
        return self.works_from is None and not self.is_being_told


class NewCode(NamedTuple):
    """A code that is shown once."""

    digits: str
    until: datetime
