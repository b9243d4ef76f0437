"""The words of all subjects for refusals, notices, messages and events; nothing is entered here by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.tables import Events, Fields, Labels, Messages, Refusals, files_named, gathered
from desk.language.text import Text, words
from desk.refusals import Refusal

_ = words("wording")

FILES: Final = tuple(files_named("wording"))

REFUSALS: Final[Refusals] = gathered("REFUSALS", files=FILES)
"""The words of each refusal for staff."""

NOTICES: Final[Mapping[str, Text]] = gathered("NOTICES", files=FILES)
"""The notices by name: the sentence on the page after a form."""

MESSAGES: Final[Messages] = gathered("MESSAGES", files=FILES)
"""The labels of the kinds of messages."""

EVENTS: Final[Events] = gathered("EVENTS", files=FILES)
"""The words of each kind of event in the history."""

FIELDS: Final[Fields] = gathered("FIELDS", files=FILES)
"""The labels of fields with old and new values."""

LABELS: Final[Labels] = gathered("LABELS", files=FILES)
"""The labels of codes in these fields."""


def refused(refusal: Refusal) -> Text:
    """The words of a refusal for staff."""
    said = REFUSALS.get(type(refusal))
    if said is None:
        return _("This is not possible right now. Please look at the page again.")
    return said if isinstance(said, Text) else said(refusal)
