"""What goes on with something sent before: pictures of a row, more of a thing told, the rest of a text that was cut."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.dialogue import own_words
from bot.dialogue.commands import Commands
from bot.dialogue.heard import Heard, Kind
from bot.dialogue.place import Place
from bot.dialogue.slashes import behind_slash

ROW = timedelta(seconds=10)
"""Between two pictures of a row that is answered once."""


def follows_a_picture(place: Place, heard: Heard, *, now: datetime) -> bool:
    """Whether it belongs to a picture that was answered: of one album, or of a row without a name (Bale).

    Keeps in `place` what the next one needs to know of it.
    """
    before = place.pictured
    if heard.kind is not Kind.PICTURE:
        place.pictured = []
        return False
    place.pictured = [now.isoformat(), heard.album]
    if not before:
        return False
    return (bool(heard.album) and heard.album == before[1]) or now - datetime.fromisoformat(before[0]) <= ROW


def may_be_more(place: Place, heard: Heard, *, fields: Collection[str]) -> bool:
    """Whether this may be more of what was just told, since the question that stands does not ask for words.

    `fields` are those of the draft at hand: what was told in another flow is over.
    """
    is_words = heard.voice is not None or (heard.kind is Kind.TEXT and behind_slash(heard.text) is None)
    return bool(place.words_field) and place.words_field in fields and is_words


def is_rest(place: Place, heard: Heard, *, draft: object, fields: Collection[str], commands: Commands) -> bool:
    """Whether this is the rest of a text that the messenger cut, so that it answers no question."""
    if heard.kind is not Kind.TEXT or not may_be_more(place, heard, fields=fields):
        return False
    return commands.find(heard.text) is None and own_words.may_go_on(getattr(draft, place.words_field))
