"""The words of the question after visits: its message, its refusals, and its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from backoffice.tables import Events, EventWords, Messages, Refusals
from desk.afterwards.refusals import HourOutside
from desk.afterwards.rules import AfterNotice
from desk.language.text import Localised, Param, Text, words
from desk.values import ClockTime

_ = words("after visits")
_message = words("undelivered")
_history = words("history")

MESSAGES: Final[Messages] = {AfterNotice.ASK: _message("How a visit was: the question in the evening")}

HOUR_OUTSIDE: Final = _("Choose an hour from 15:00 to 20:00.")
REFUSALS: Final[Refusals] = {
    HourOutside: HOUR_OUTSIDE,
}


def said_setting(data: Mapping[str, Any]) -> Iterator[Param]:
    """What holds in the province now, and what held."""
    old, new = data.get("old", {}), data.get("new", {})
    yield _history(
        "{province}: now {new}; before that {old}.",
        province=Localised(data.get("province") or {}),
        new=_asked(new),
        old=_asked(old),
    )


def _asked(values: Mapping[str, Any]) -> Text:
    hour = values.get("asked_at")
    if hour is None:
        return _("nobody is asked")
    return _("people are asked at {hour}", hour=ClockTime.from_minutes(int(hour)))


EVENTS: Final[Events] = {
    "after.setting": EventWords(
        _history("Question after visits: changed"),
        lambda who, what: _history("{who} said whether and when people are asked after visits.", who=who),
        said_setting,
    ),
    "after.export": EventWords(
        _history("Answers after visits: taken away"),
        lambda who, what: _history("{who} took the answers after visits away as a file.", who=who),
    ),
}
