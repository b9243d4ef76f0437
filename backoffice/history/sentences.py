"""Turns an event into a sentence: who did what, and the old and new value of each change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from backoffice.history.pages import page_named
from backoffice.layout.badge import Badge
from backoffice.staff.wording import ROLES
from backoffice.wording import EVENTS, FIELDS, LABELS
from desk import history
from desk.acting import ActorKind
from desk.calendar import day_or_moment
from desk.codes import TrackingCode
from desk.history import HistoryLine
from desk.language.text import FullDay, Latin, Localised, Param, Reference, Text, series, words
from desk.staff.permissions import Role
from desk.values import ClockTime, LocalDay, LocalMoment, Money

_ = words("history")

HOURS = frozenset({"opens", "closes", "opens_at"})
DAYS = frozenset({"valid_from", "valid_to", "confirmed_on", "source_date"})
BESIDE = ("purpose", "reason", "number", "threshold", "turns", "remedy", "way", "minutes")
"""Further values of an event, beside those before and after."""
CODED = frozenset({"appointment", "case", "changed_turn"})
"""Subjects that people know by their tracking code."""
SHOWN_IN_A_FILE = 4
"""The last digits of the code of a case that a file shows: it is carried away, and the whole code opens the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEvent:
    """An event as page and file show it."""

    at: LocalMoment
    when: Param
    """The time with its year: the history is kept for years. Of a case under nobody only the day is known."""
    sentence: Param
    changes: list[Param]
    place: Param | None
    """The office it happened at."""


def is_whole_day(at: LocalMoment) -> bool:
    """Whether the moment stands for its day."""
    return isinstance(day_or_moment(at.instant), LocalDay)


def told(line: HistoryLine, *, is_for_a_file: bool = False) -> ToldEvent:
    """The sentence of an event, with the changed values; a file gets no code that opens its case in a chat."""
    event = line.event
    known = EVENTS.get(event.kind)
    who, what, at = _who(line), _what(line, is_for_a_file=is_for_a_file), LocalMoment(event.at)
    return ToldEvent(
        at=at,
        when=_moment(at),
        sentence=known.sentence(who, what) if known else series(who, Latin(event.kind), what),
        changes=list(known.changes(event.data) if known and known.changes else _changes(line)),
        place=_place(line) if not event.subject.startswith("office:") else None,
    )


def _who(line: HistoryLine) -> Param:
    if line.actor_name:
        return line.actor_name
    if line.event.actor_kind is ActorKind.STAFF:
        return Latin(f"staff:{line.event.actor_id}")
    return _("Somebody in a chat") if line.event.actor_kind is ActorKind.CHAT else _("The program")


def _moment(at: LocalMoment) -> Param:
    if is_whole_day(at):
        return FullDay(at.day)
    return _("{day}, at {time}", day=FullDay(at.day), time=at.clock)


def _what(line: HistoryLine, *, is_for_a_file: bool) -> Param:
    kind, _colon, id = line.about.partition(":")
    if line.about == "staff:0":
        return _("Somebody who is not signed in")
    if kind == "case" and isinstance(line.named, str) and is_for_a_file:
        return Reference(f"…{line.named[-SHOWN_IN_A_FILE:]}")
    if kind in CODED and isinstance(line.named, str):
        return TrackingCode(line.named)
    if line.about == line.event.subject == f"office:{line.event.office_id}" and (place := _place(line)) is not None:
        return place
    if line.named is not None:
        return line.named
    if kind == "chat_signs":
        return Reference(id)
    if kind == "page":
        return page_named(id)
    if kind == "holiday":
        return FullDay(LocalDay(date.fromisoformat(id)))
    return Latin(line.event.subject)


def _place(line: HistoryLine) -> Param | None:
    if not line.office_name:
        return None
    return _("{office} ({code})", office=line.office_name, code=Reference(line.office_code or ""))


def _seen(line: HistoryLine) -> int:
    return len(line.event.others) if "page" in line.event.data else 0


def _changes(line: HistoryLine) -> Iterator[Text]:
    kind, data, seen = line.event.subject.partition(":")[0], line.event.data, _seen(line)
    if "day" in data:
        yield _("Day: {day}", day=FullDay(LocalDay(date.fromisoformat(data["day"]))))
    old, new = data.get("old", {}), data.get("new", {})
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if name == history.SLOT:  # its id means nothing to people, its time does
            was, now = line.times.get(was), line.times.get(now)
        if was == now:
            continue
        if was in (None, "", [], {}) or not old:
            yield _value(name, _shown(kind, name, now, line.members))
        else:
            before, after = _shown(kind, name, was, line.members), _shown(kind, name, now, line.members)
            yield _("{field}: from {old} to {new}", field=FIELDS.get(name) or Latin(name), old=before, new=after)
    for name, value in data.items():
        if name in BESIDE and value is not None:
            yield _value(name, _shown(kind, name, value, line.members))
        elif value == "changed":
            yield _value(name, _("changed"))
    if seen:
        yield _("also seen: {n}", n=seen)


def _value(name: str, shown: Param) -> Text:
    return _("{field}: {new}", field=FIELDS.get(name) or Latin(name), new=shown)


def _shown(kind: str, name: str, value: Any, members: Mapping[int, str]) -> Param:
    if value is None or value in ("", [], {}):
        return _("empty")
    match value:
        case LocalMoment():
            return _moment(value)
        case bool():
            return _("yes") if value else _("no")
        case Mapping():
            return Localised(value)
        case list():
            return series(*(_shown(kind, name, each, members) for each in value))
        case int() if name in HOURS:
            return ClockTime(*divmod(min(value, 24 * 60 - 1), 60))
        case int() if name == "amount_rial":
            return Money(value)
        case int() if name == history.HOLDER:
            return members.get(value) or Latin(f"staff:{value}")
        case int():
            return value
        case str() if name in DAYS:
            return FullDay(LocalDay(date.fromisoformat(value)))
        case str() if (label := LABELS.get((kind, name), {}).get(value)) is not None:
            return label.label if isinstance(label, Badge) else label
        case str() if name == "roles" and value.partition("@")[0] in set(Role):
            role, _at, place = value.partition("@")
            return _("{office} ({code})", office=ROLES[Role(role)], code=Latin(place))
    text = str(value)
    return Latin(text) if text.isascii() else text
