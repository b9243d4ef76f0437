"""The badge that shows a state."""

from __future__ import annotations

from dataclasses import dataclass

from desk.language.text import Text


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as words with an icon and a tone; never by colour alone."""

    label: Text
    icon: str
    tone: str
    """A class of the stylesheet: calm, good, busy, warn, bad."""
