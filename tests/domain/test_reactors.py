"""What a subject does is followed by what the subjects above it have to do, in the same transaction or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM
from desk.capacity.actions import roll_window
from desk.capacity.models import Slot, SlotStatus
from desk.capacity.reactors import REACTORS as OF_CAPACITY
from desk.consequences.reactors import REACTORS as OF_CONSEQUENCES
from desk.events import actions as events
from desk.events import reacting
from desk.events.queries import of
from desk.language.text import Localised
from desk.offices.actions import save_office
from desk.offices.models import Office
from desk.parts import Happened, Reactor
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW, TODAY, make_office, make_queue
from tests.makers_hours import make_rule

TEXT = Localised({"fa": "دفتر"})


def build(session: WriteSession) -> int:
    """An office with places in the days that can be booked."""
    office = make_office(session)
    queue = make_queue(session, office=office)
    make_rule(session, queue=queue)
    roll_window(session, queue_id=queue.id, today=TODAY, now=NOW)
    return office.id


def save(session: WriteSession, *, office_id: int, is_active: bool) -> None:
    office = session.get_one(Office, office_id)
    save_office(
        session,
        office_id=office_id,
        code=office.code,
        kind=office.kind,
        province_code=office.province_code,
        city=TEXT,
        name=TEXT,
        is_active=is_active,
        actor=SYSTEM,
        now=NOW,
    )


def live(session: WriteSession) -> int:
    """How many slots can be booked."""
    return len(session.scalars(select(Slot.id).where(Slot.status == SlotStatus.LIVE)).all())


def only(monkeypatch: pytest.MonkeyPatch, reactors: Mapping[str, tuple[Reactor, ...]]) -> None:
    """Let nobody else react."""
    for module in (events, reacting):
        monkeypatch.setattr(module, "reactors", lambda: reactors)


async def test_the_places_of_an_office_follow_whoever_saves_it(storage: Storage) -> None:
    office_id = await storage.write(build)
    open_at_first = await storage.write(live)
    assert open_at_first
    await storage.write(save, office_id=office_id, is_active=False)
    assert await storage.write(live) == 0
    await storage.write(save, office_id=office_id, is_active=True)
    assert await storage.write(live) == open_at_first


async def test_the_twin_without_reactors_leaves_them_open(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    office_id = await storage.write(build)
    only(monkeypatch, {})
    await storage.write(save, office_id=office_id, is_active=False)
    assert await storage.write(live)


async def test_what_a_reactor_refuses_has_not_happened(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    office_id = await storage.write(build)

    def refuse(session: WriteSession, happened: Happened) -> None:
        raise ZeroDivisionError

    only(monkeypatch, {"office.update": (*OF_CAPACITY.values(), refuse)})
    with pytest.raises(ZeroDivisionError):
        await storage.write(save, office_id=office_id, is_active=False)
    assert await storage.write(live)
    assert await storage.read(of, subject=f"office:{office_id}") == []


def test_a_reactor_hears_what_became_of_what(session: WriteSession, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Happened] = []
    office_id = build(session)
    only(monkeypatch, {"office.update": (lambda session, happened: heard.append(happened),)})
    save(session, office_id=office_id, is_active=False)
    (happened,) = heard
    assert (happened.id, happened.actor, happened.now) == (office_id, SYSTEM, NOW)
    assert (happened.old["is_active"], happened.new["is_active"]) == (True, False)
    assert "code" not in happened.new


def test_what_others_react_to_cannot_be_noted_without_its_actor(session: WriteSession) -> None:
    known_by_number: dict[str, Any] = {"kind": "office.update", "subject": "office:1", "staff_id": 1, "now": NOW}
    with pytest.raises(TypeError, match="staff_id"):
        events.note(session, **known_by_number)


def test_what_is_only_told_is_no_line_of_the_history(session: WriteSession) -> None:
    (kind,) = OF_CONSEQUENCES
    reacting.react(session, Happened(kind=kind, subject="queue:1", actor=SYSTEM, now=NOW))
    assert of(session, subject="queue:1") == []
