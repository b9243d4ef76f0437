"""The words of linked papers: why they are linked, refusals, and what the history says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.tables import Events, EventWords, Labels, Messages, Refusals
from desk.language.text import Text, words
from desk.linked_papers.refusals import AskedAlready, LinkedAlready, SamePaper, TooManyLinked
from desk.linked_papers.rules import LinkNotice, LinkReason
from desk.values import LocalMoment

_ = words("linked papers")
_message = words("undelivered")
_history = words("history")

REASONS: Final = {
    LinkReason.RENEWED: _("One person: the new paper took the place of the old one"),
    LinkReason.TWO_KINDS: _("One person with papers of two kinds"),
    LinkReason.TWO_PEOPLE: _("Two people: they were linked by mistake"),
}

REFUSALS: Final[Refusals] = {
    SamePaper: _("This is the number of the first paper. Please type that of the second."),
    LinkedAlready: _("These two papers are linked already."),
    AskedAlready: _(
        "The person was asked in the chat which of two turns stays, and has not answered. Please link more after that."
    ),
    TooManyLinked: lambda refusal: _(
        "From your account {n} papers were linked within the hour. More can be linked from {when} on.",
        n=refusal.most,
        when=LocalMoment(refusal.until),
    ),
}

NOTICES: Final[Mapping[str, Text]] = {
    "papers_linked": _("The papers are linked: from now on they count as one person."),
    "papers_linked_and_asked": _(
        "The papers are linked. The person has two turns for one service and is asked in the chat which stays. Please "
        "say so: without an answer until the time written there the earlier one stays."
    ),
    "papers_linked_apart": _(
        "The papers are linked. The person has two turns for one service, of two chats or of a desk. Please say so: "
        "they give one back where they took it, and else the original decides on its day."
    ),
    "papers_unlinked": _("The papers are linked no more: from now on they count as two people."),
}

MESSAGES: Final[Messages] = {
    LinkNotice.WHICH_STAYS: _message("Which of two turns stays?"),
    LinkNotice.ANOTHER_TOO: _message("Another turn on another paper of the person"),
    LinkNotice.EARLIER_STAYS: _message("The earlier of two turns stayed"),
    LinkNotice.BOTH_STAY: _message("Both turns stay: the papers are of two people"),
    LinkNotice.ONE_WAITS: _message("One person waited twice for the same"),
}

EVENTS: Final[Events] = {
    "papers.linked": EventWords(
        _history("Papers: linked"),
        lambda who, what: _history("{who} linked two papers of one person.", who=who),
    ),
    "papers.unlinked": EventWords(
        _history("Papers: linked no more"),
        lambda who, what: _history("{who} took back that two papers are of one person.", who=who),
    ),
}

LABELS: Final[Labels] = {("papers", "reason"): REASONS}
