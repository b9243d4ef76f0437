"""The words of all subjects for their refusals, notices and messages, gathered: nothing is entered here by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.tables import Messages, Refusals, files_named, gathered
from desk.language.text import Text, words
from desk.refusals import Refusal

_ = words("wording")

FILES: Final = tuple(files_named("wording"))

REFUSALS: Final[Refusals] = gathered("REFUSALS", files=FILES)
"""What each refusal says to staff."""

NOTICES: Final[Mapping[str, Text]] = gathered("NOTICES", files=FILES)
"""By name: the short sentence on the page after a form."""

MESSAGES: Final[Messages] = gathered("MESSAGES", files=FILES)
"""What each kind of message is called."""


def refused(refusal: Refusal) -> Text:
    """What a refusal of the desk says to staff."""
    said = REFUSALS.get(type(refusal))
    if said is None:
        return _("This is not possible right now. Please look at the page again.")
    return said if isinstance(said, Text) else said(refusal)
