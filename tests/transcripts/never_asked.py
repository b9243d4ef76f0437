"""The steps that the crawl cannot meet, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NEVER_ASKED: Final[Mapping[tuple[str, str], str]] = {
    ("name", "whose"): "it asks nothing: a made-up button without an appointment leads to the list",
    ("book", "wanted"): "it asks nothing: the office of a link becomes the answer to the question behind it",
    ("wait", "this_office"): "it asks nothing: the office that was found becomes one of the places",
    ("household", "whom"): "it asks nothing: whom the chat knows is ticked before",
    ("household", "added"): "it asks nothing: who was asked for becomes one of the household",
    ("move", "which"): "an old button whose appointment is over: tests/transcripts/chats/turns",
    ("absence", "what"): "a made-up button that says neither: tests/transcripts/test_made_up_buttons.py",
    ("follow", "earlier"): "a thread of 2,500 letters: tests/transcripts/test_long_texts.py",
}
"""Steps at which nobody is asked anything, each with its reason."""
