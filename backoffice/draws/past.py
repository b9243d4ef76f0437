"""Says in the history what changed of how places are given, and what was beside it when it was decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from desk.language.text import FullDay, Localised, Param, words
from desk.values import ClockTime, LocalDay

_ = words("history")


def said_setting(data: Mapping[str, Any]) -> Iterator[Param]:
    """Of which service and province, the old and new value of each rule, the reason, and the evidence."""
    of = data.get("of", {})
    if of:
        yield _("{service} in {province}", service=Localised(of["service"]), province=Localised(of["province"]))
    old, new = data.get("old") or {}, data.get("new") or {}
    for name in ("is_drawn", "publish_at", "days_ahead", "confirm_minutes", "priority_share"):
        was, now = old.get(name), new.get(name)
        if was == now or now is None:
            continue
        if was is None:
            yield _("{field}: {new}", field=FIELDS[name], new=_shown(name, now))
        else:
            yield _("{field}: from {old} to {new}", field=FIELDS[name], old=_shown(name, was), new=_shown(name, now))
    yield _("Reason: {words}", words=new.get("reason", ""))
    evidence = data.get("evidence") or {}
    days, minutes = evidence.get("days_to_free"), evidence.get("minutes_to_sold_out")
    yield _("Days to the next free place: {n}", n=_("not known") if days is None else days)
    yield _("Minutes until a day is booked up: {n}", n=_("not known") if minutes is None else minutes)


def said_days(data: Mapping[str, Any]) -> Iterator[Param]:
    """The days of the places of a draw that was prepared."""
    first, last = (LocalDay(date.fromisoformat(str(data[name]))) for name in ("first_day", "last_day"))
    yield _("Places from {day} to {last}", day=FullDay(first), last=FullDay(last))


def said_nothing(_data: Mapping[str, Any]) -> Iterator[Param]:
    """Nothing: what a person typed is not shown to the second, who types it too."""
    return iter(())


def _shown(name: str, value: Any) -> Param:
    match name:
        case "is_drawn":
            return _("by lot") if value else _("to who comes first")
        case "publish_at":
            return ClockTime.from_minutes(int(value))
        case "confirm_minutes":
            return int(value) // 60
    return int(value)


FIELDS = {
    "is_drawn": _("Places are given"),
    "publish_at": _("Hour of the draw"),
    "days_ahead": _("Days before the first day"),
    "confirm_minutes": _("Hours to confirm"),
    "priority_share": _("Share for priority classes, percent"),
}
