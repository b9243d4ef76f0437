"""The services that can be booked: one by its id, and those that typed words mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dialogue.questions import Reading, Taken, Unclear
from bot.dialogue.steps import Step
from bot.flows.conversations import named as named_in
from desk.capacity import chat as capacity
from desk.catalogue import chat as catalogue
from desk.language.text import words

if TYPE_CHECKING:
    from bot.flows.appointments.book import BookTalk
    from desk.catalogue.rows import ServiceRow
    from desk.conversations.chat import Chat

_ = words("book")


def named(chat: Chat, service_id: str) -> ServiceRow | None:
    """The service of this id, where it can be booked now."""
    return next((row for row in capacity.services(chat) if str(row.id) == service_id), None)


def search(talk: BookTalk, typed: str, *, then: Step[BookTalk]) -> Reading:
    """The service that is meant; a time or a place that is named first is kept, and asked on by `then`."""
    found = catalogue.search(talk.desk, typed)
    offered = {row.id for row in capacity.services(talk.desk)}
    bookable = [row for row in found if row.id in offered]
    if len(bookable) == 1 or (bookable and bookable[0].id == found[0].id):
        return Taken({"service": bookable[0].id})
    if found and not bookable:
        return Unclear(_("{service} takes no turns here. These do:", service=found[0].title))
    wish = None if found else named_in.time_and_place(talk.desk, typed)
    if wish is None:
        return None
    # What they did not say again stays as they said it before.
    keeps = {"wished": wish.when or talk.draft.wished, "wanted_place": wish.place or talk.draft.wanted_place}
    return Taken({**keeps}, then, note=_("I keep that in mind. First I need to know this:"))
