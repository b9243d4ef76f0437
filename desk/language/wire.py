"""Texts and values as JSON and back, so that a notice can wait in a table without being in any language yet."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from desk.language.shown import (
    FullDay,
    InToman,
    InWords,
    Latin,
    Localised,
    Near,
    Ordinal,
    Reference,
    SolarMonth,
    SpokenCode,
)
from desk.language.text import Joined, Joint, Link, Param, Text
from desk.values import ClockTime, Duration, LocalDay, LocalMoment, Money, Phone, TrackingCode

_TYPE: Final = "is"
Json = dict[str, Any] | str | int


def to_json(value: Param) -> Json:
    """Return ``value`` as plain JSON: strings and numbers as they are, everything else an object that names itself.

    Raises:
        TypeError: the value is no parameter of a text (``bool`` among them).
    """
    kind = type(value)
    if kind is str or kind is int:
        return value  # type: ignore[return-value]  # `kind is` does not narrow
    if kind not in _WRITERS:
        raise TypeError(f"{kind.__name__} is no parameter of a text")
    name, write = _WRITERS[kind]
    return {_TYPE: name, **write(value)}


def from_json(data: Json) -> Param:
    """Return the value that ``to_json`` wrote.

    Raises:
        ValueError: the data is not of that form.
    """
    if isinstance(data, str | int) and not isinstance(data, bool):
        return data
    if not isinstance(data, dict):
        raise ValueError("not a text as JSON")
    try:
        return _READERS[data[_TYPE]](data)
    except (KeyError, TypeError, AttributeError) as trouble:
        raise ValueError("not a text as JSON") from trouble


def text_from_json(data: Json) -> Text | Joined:
    """Return the text or joined texts in ``data``; raises ValueError when it is something else."""
    value = from_json(data)
    if not isinstance(value, Text | Joined):
        raise ValueError("a value, but not a text")
    return value


_WRITERS: Final[dict[type, tuple[str, Callable[[Any], dict[str, Any]]]]] = {
    Text: ("text", lambda v: {"context": v.context, "id": v.id, "params": {n: to_json(p) for n, p in v.params}}),
    Joined: ("joined", lambda v: {"parts": [to_json(part) for part in v.parts], "joint": v.joint.value}),
    Link: ("link", lambda v: {"url": v.url, "label": to_json(v.label)}),
    Localised: ("localised", lambda v: {"texts": v.to_mapping()}),
    Money: ("money", lambda v: {"rial": v.rial}),
    LocalDay: ("day", lambda v: {"date": v.date.isoformat()}),
    LocalMoment: ("moment", lambda v: {"instant": v.instant.isoformat(), "zone": v.zone}),
    ClockTime: ("clock", lambda v: {"minutes": v.minutes}),
    Duration: ("duration", lambda v: {"minutes": v.minutes}),
    TrackingCode: ("code", lambda v: {"digits": v.digits}),
    Phone: ("phone", lambda v: {"e164": v.e164}),
    Latin: ("latin", lambda v: {"text": v.text}),
    Reference: ("reference", lambda v: {"text": v.text}),
    Near: ("near", lambda v: {"when": to_json(v.when)}),
    FullDay: ("full day", lambda v: {"day": to_json(v.day)}),
    SolarMonth: ("month", lambda v: {"year": v.year, "month": v.month}),
    SpokenCode: ("spoken code", lambda v: {"digits": v.code.digits}),
    InToman: ("in toman", lambda v: {"toman": v.toman}),
    InWords: ("in words", lambda v: {"count": v.count}),
    Ordinal: ("ordinal", lambda v: {"place": v.place}),
}


def _near(data: dict[str, Any]) -> Near:
    when = from_json(data["when"])
    if not isinstance(when, LocalDay | LocalMoment):
        raise ValueError("only days and moments are near")
    return Near(when)


def _full_day(data: dict[str, Any]) -> FullDay:
    day = from_json(data["day"])
    if not isinstance(day, LocalDay):
        raise ValueError("only a day is a full day")
    return FullDay(day)


_READERS: Final[dict[str, Callable[[dict[str, Any]], Param]]] = {
    "text": lambda d: Text(d["context"], d["id"], tuple((n, from_json(d["params"][n])) for n in sorted(d["params"]))),
    "joined": lambda d: Joined(tuple(from_json(part) for part in d["parts"]), Joint(d["joint"])),
    "link": lambda d: Link(d["url"], from_json(d["label"])),
    "localised": lambda d: Localised(d["texts"]),
    "money": lambda d: Money(d["rial"]),
    "day": lambda d: LocalDay(date.fromisoformat(d["date"])),
    "moment": lambda d: LocalMoment(datetime.fromisoformat(d["instant"]), d["zone"]),
    "clock": lambda d: ClockTime.from_minutes(d["minutes"]),
    "duration": lambda d: Duration(d["minutes"]),
    "code": lambda d: TrackingCode(d["digits"]),
    "phone": lambda d: Phone(d["e164"]),
    "latin": lambda d: Latin(d["text"]),
    "reference": lambda d: Reference(d["text"]),
    "near": _near,
    "full day": _full_day,
    "month": lambda d: SolarMonth(d["year"], d["month"]),
    "spoken code": lambda d: SpokenCode(TrackingCode(d["digits"])),
    "in toman": lambda d: InToman(d["toman"]),
    "in words": lambda d: InWords(d["count"]),
    "ordinal": lambda d: Ordinal(d["place"]),
}
