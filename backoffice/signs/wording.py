"""The words for signs: what was seen, what it may innocently be, how strong it is, and what somebody found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from backoffice.cases.wording import ALLOW_REASONS, LIMITS
from backoffice.layout.badge import Badge
from backoffice.tables import Events, EventWords, Fields, Labels
from desk.language.text import Text, words
from desk.signs.rules import Judgement, SignKind, Strength

_ = words("signs")
_history = words("history")

NAMES: dict[SignKind, Text] = {
    SignKind.PEOPLE: _("Many people"),
    SignKind.NUMBERS: _("Numbers in several chats"),
    SignKind.FALLEN: _("Turns that fell"),
    SignKind.RETAKEN: _("Given back and retaken"),
    SignKind.OFFICES: _("Many offices"),
    SignKind.RHYTHM: _("Always at the same hour"),
    SignKind.IN_STEP: _("In step with other chats"),
    SignKind.HOLDS: _("Times kept again and again"),
}

SEEN: dict[SignKind, Callable[[int], Text]] = {
    SignKind.PEOPLE: lambda n: _("In thirty days it took turns for {n} people who share no family name.", n=n),
    SignKind.NUMBERS: lambda n: _("{n} other chats have named people of this chat too.", n=n),
    SignKind.FALLEN: lambda n: _("In a week {n} turns fell, because somebody else held the paper.", n=n),
    SignKind.RETAKEN: lambda n: _("{n} times a place was given back and soon taken again for somebody else.", n=n),
    SignKind.OFFICES: lambda n: _("In thirty days it took turns at {n} offices.", n=n),
    SignKind.RHYTHM: lambda n: _("On {n} days it took turns within the same ten minutes of the clock.", n=n),
    SignKind.IN_STEP: lambda n: _(
        "{n} other chats took turns within a minute of this one, at the same office, on three days or more.", n=n
    ),
    SignKind.HOLDS: lambda n: _("Within a day it kept a time {n} times on the way to a turn.", n=n),
}
"""What was seen, as a sentence with its number."""

MAY_BE: dict[SignKind, Text] = {
    SignKind.PEOPLE: _("It may be somebody who helps neighbours, or a family that does not share a name."),
    SignKind.NUMBERS: _("It may be relatives who each have a phone, and look after each other."),
    SignKind.FALLEN: _("A number may have been written wrongly, or read from an old paper."),
    SignKind.RETAKEN: _("In a family one goes in the place of another who fell ill."),
    SignKind.OFFICES: _("It may be a helper, or people who go wherever a time is free first."),
    SignKind.RHYTHM: _("Somebody may have time only then, such as after work."),
    SignKind.IN_STEP: _("Friends may sit together, or many wait for the hour at which a day opens."),
    SignKind.HOLDS: _("It may be somebody who compares days and offices for long, or a poor connection."),
}
"""What it may be without any wrong."""

STRENGTHS: dict[Strength, Badge] = {
    Strength.WEAK: Badge(_("Weak"), "info-circle", "calm"),
    Strength.CLEAR: Badge(_("Clear"), "eye", "warn"),
    Strength.STRONG: Badge(_("Strong"), "alert-triangle", "bad"),
}

JUDGEMENTS: dict[Judgement, Text] = {
    Judgement.FAMILY: _("It is a family"),
    Judgement.HELPER: _("It is somebody who helps others"),
    Judgement.NOTHING_WRONG: _("Looked at, nothing wrong"),
}

NOTICES: Final[Mapping[str, Text]] = {
    "signs_looked_at": _("It is noted. The chat comes back when there is a new sign."),
    "signs_limit_set": _("The limit is set. It ends by itself, and you can end it before."),
    "signs_as_usual": _("The usual limit holds again."),
}

EVENTS: Final[Events] = {
    "signs.read": EventWords(
        _history("Signs: turns of a chat seen"),
        lambda who, what: _history("{who} looked at the turns of the chat {what}.", who=who, what=what),
    ),
    "signs.looked_at": EventWords(
        _history("Signs: looked at"),
        lambda who, what: _history("{who} looked at the chat {what} and found nothing wrong.", who=who, what=what),
    ),
    "signs.limit": EventWords(
        _history("Signs: limit set"),
        lambda who, what: _history("{who} set another limit for the chat {what}.", who=who, what=what),
    ),
    "signs.as_usual": EventWords(
        _history("Signs: limit as usual"),
        lambda who, what: _history("{who} let the usual limit hold again for the chat {what}.", who=who, what=what),
    ),
}

FIELDS: Final[Fields] = {"judgement": _history("What was found")}

LABELS: Final[Labels] = {
    ("chat_signs", "judgement"): JUDGEMENTS,
    ("chat_signs", "limit"): LIMITS,
    ("chat_signs", "allowed"): ALLOW_REASONS,
}
