"""Recognises messages that continue an earlier one: pictures in a row, more words, the rest of a text that was
split."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.dialogue.chat_state import ChatState
from bot.dialogue.commands import Commands
from bot.dialogue.heard import Heard, HeardKind
from bot.dialogue.own_words import OwnWords, may_go_on
from bot.dialogue.slashes import behind_slash

ROW = timedelta(seconds=10)
"""The longest time between two pictures that are answered once."""


def follows_a_picture(state: ChatState, heard: Heard, *, now: datetime) -> bool:
    """Whether it belongs to a picture that was answered: of one album, or in a row without an album (Bale).

    It updates `state` for the next message.
    """
    before = state.pictured
    if heard.kind is not HeardKind.PICTURE:
        state.pictured = []
        return False
    state.pictured = [now.isoformat(), heard.album]
    if not before:
        return False
    return (bool(heard.album) and heard.album == before[1]) or now - datetime.fromisoformat(before[0]) <= ROW


def may_be_more(state: ChatState, heard: Heard) -> bool:
    """Whether this may continue the words just stored, since the present question does not ask for words."""
    is_words = heard.voice is not None or (heard.kind is HeardKind.TEXT and behind_slash(heard.text) is None)
    return bool(state.words_field) and is_words


def is_rest(state: ChatState, heard: Heard, *, told: OwnWords, commands: Commands) -> bool:
    """Whether this is the rest of a text that the messenger split, so that it is not an answer."""
    if told is None or heard.kind is not HeardKind.TEXT or not may_be_more(state, heard):
        return False
    return commands.find(heard.text) is None and may_go_on(told)
