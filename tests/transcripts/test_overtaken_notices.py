"""A notice that was overtaken by a change is not sent; one that is still true is.

Each is taken from the outbox as the real action wrote it, and composed before and after the change.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.dialogue.says import Says
from bot.flows.registry import NOTICES
from desk.acting import Actor
from desk.appointments.actions import book, cancel, move
from desk.appointments.ending import cancel_by_office
from desk.appointments.queries import appointment_by_id
from desk.appointments.rules import EVENING_BEFORE, SHORTLY
from desk.capacity.models import Slot
from desk.capacity.rules import SlotStatus
from desk.codes import CodeKind, TrackingCode
from desk.consequences.rules import ChangeKind, Remedy
from desk.conversations.chat import Chat
from desk.conversations.queries import by_id
from desk.draws.rules import DrawNotice
from desk.language.language import Language
from desk.language.text import Locale, Localised
from desk.offices.models import Office
from desk.outbox.actions import mark_sent
from desk.outbox.models import OutboxMessage
from desk.reading.folding import strip_bidi
from desk.storage.base import WriteSession
from desk.visits.actions import record_arrival, record_come_back, record_outcome, undo_arrival, undo_outcome
from desk.visits.naming import correct_from_paper
from desk.visits.rules import Outcome
from tests import weak_hashes
from tests.domain.draw_scene import Lottery
from tests.makers import NOW, acting, at, make_conversation, make_person
from tests.makers_changes import SUNDAY, Town, made

KEY = weak_hashes.keys(b"a key for tests of notices, 32 b")
LANGUAGE = Language.load()
DAY = timedelta(days=1)
CLERK: dict[str, Any] = {"actor": acting(8), "now": at(SUNDAY, hour=11)}
Waiting = tuple[str, dict[str, Any]]
"""The name and the parameters of a message in the outbox."""


class Scene:
    """Somebody with an appointment on Sunday at ten, booked by chat."""

    def __init__(self, session: WriteSession) -> None:
        self.session = session
        self.town = Town(session)
        self.chat = make_conversation(session)
        self.person = make_person(session, conversation=self.chat)
        self.appointment_id = book(
            session,
            idem_key="booked",
            actor=Actor.chat(self.chat.id),
            slot_id=self.slot(10),
            service_id=self.town.service.id,
            person_id=self.person.id,
            person_name="گل‌آقا رحیمی",
            document_kind=None,
            code=TrackingCode.make(CodeKind.APPOINTMENT),
            now=NOW,
        ).appointment_id

    def slot(self, hour: int) -> int:
        starts_at = at(SUNDAY, hour=hour)
        found = select(Slot.id).where(Slot.queue_id == self.town.queue.id, Slot.starts_at == starts_at)
        return self.session.scalars(found).one()

    def another_day(self, *, later: bool) -> int:
        """The first time of a later day, or of the day before Sunday."""
        mine, start = Slot.queue_id == self.town.queue.id, at(SUNDAY, hour=0)
        there = Slot.starts_at > at(SUNDAY, hour=23) if later else Slot.starts_at.between(start - DAY, start)
        slot_id = self.session.scalars(select(Slot.id).where(mine, there).order_by(Slot.starts_at)).first()
        assert slot_id is not None
        return slot_id

    def take(self, slot_id: int) -> None:
        """The person takes another time."""
        before = self.moves()
        move(
            self.session,
            idem_key=f"move {before}",
            appointment_id=self.appointment_id,
            actor=Actor.chat(self.chat.id),
            slot_id=slot_id,
            now=NOW,
        )
        assert self.moves() == before + 1

    def moves(self) -> int:
        row = appointment_by_id(self.session, appointment_id=self.appointment_id)
        assert row is not None
        return row.moves

    def waiting(self, notice: str) -> list[Waiting]:
        """What stands open in the outbox by this name."""
        self.session.flush()
        found = select(OutboxMessage.notice, OutboxMessage.params).where(
            OutboxMessage.notice == notice, OutboxMessage.is_open
        )
        return [(name, dict(params)) for name, params in self.session.execute(found.order_by(OutboxMessage.id))]

    def told(self, message: Waiting, *, now: datetime = NOW) -> tuple[Says, ...] | None:
        """What would be sent of it now."""
        return told(self.session, self.chat.id, message, now=now)

    def words(self, message: Waiting) -> str:
        says = self.told(message)
        assert says is not None
        return strip_bidi(LANGUAGE.plain(says[0].text, Locale.FA))


def told(session: WriteSession, chat_id: int, message: Waiting, *, now: datetime) -> tuple[Says, ...] | None:
    """What would be sent of a message to this chat now."""
    session.expire_all()
    row = by_id(session, conversation_id=chat_id)
    assert row is not None
    name, params = message
    return NOTICES[name](Chat.of(session, row, now=now, identity_key=KEY), params)


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


# ---------------------------------------------------------------------------------------------------------- reminders


def test_a_reminder_of_a_time_given_up_is_not_sent_and_that_of_the_new_one_is(scene: Scene) -> None:
    old = scene.waiting("reminder")
    assert [params["which"] for _, params in old] == [EVENING_BEFORE, SHORTLY]
    assert all("ساعت ۱۰" in scene.words(message) for message in old)

    scene.take(scene.slot(12))

    assert [scene.told(message) for message in old] == [None, None]
    new = scene.waiting("reminder")
    assert [params["moves"] for _, params in new] == [1, 1]
    assert all("ساعت ۱۲" in scene.words(message) for message in new)


def test_back_at_the_first_time_only_the_reminder_of_the_last_move_is_sent(scene: Scene) -> None:
    first = scene.waiting("reminder")
    scene.take(scene.slot(12))
    second = scene.waiting("reminder")
    scene.take(scene.slot(10))

    assert [scene.told(message) for message in first + second] == [None] * 4
    assert all("ساعت ۱۰" in scene.words(message) for message in scene.waiting("reminder"))


# ------------------------------------------------------------------------------------------- what the office changed


def _closes(scene: Scene, remedy: Remedy) -> None:
    made(scene.session, scene.town.close(), remedy=remedy)


def _has_another_address(scene: Scene) -> None:
    def act(session: WriteSession) -> None:
        new = {"address": Localised({"fa": "خیابان نو"})}
        session.execute(update(Office).where(Office.id == scene.town.office.id).values(new))

    made(
        scene.session, scene.town.intended(ChangeKind.ADDRESS, act, office_id=scene.town.office.id), remedy=Remedy.TELL
    )


CHANGES: dict[str, Callable[[Scene], None]] = {
    "moved_by_office": lambda scene: _closes(scene, Remedy.MOVE),
    "kept_by_office": lambda scene: _closes(scene, Remedy.KEEP),
    "office_moved": _has_another_address,
}


@pytest.mark.parametrize("notice", CHANGES)
def test_what_the_office_changed_is_not_told_to_whoever_took_another_time_meanwhile(scene: Scene, notice: str) -> None:
    CHANGES[notice](scene)
    [message] = scene.waiting(notice)
    assert scene.told(message) is not None

    scene.take(scene.another_day(later=False))

    assert scene.told(message) is None


@pytest.mark.parametrize("notice", ["reminder", *CHANGES])
def test_nothing_is_told_of_an_appointment_that_was_cancelled_meanwhile(scene: Scene, notice: str) -> None:
    if notice in CHANGES:
        CHANGES[notice](scene)
    message = scene.waiting(notice)[0]
    assert scene.told(message) is not None

    cancel(scene.session, appointment_id=scene.appointment_id, actor=Actor.chat(scene.chat.id), now=NOW)

    assert scene.told(message) is None


def test_an_appointment_that_stands_is_not_told_to_be_cancelled(scene: Scene) -> None:
    message: Waiting = ("cancelled_by_office", {"appointment": scene.appointment_id})
    assert scene.told(message) is None

    _closes(scene, Remedy.CANCEL)

    assert scene.waiting("cancelled_by_office")[0][1]["appointment"] == scene.appointment_id
    assert scene.told(message) is not None


# ------------------------------------------------------------------------------------------------------ a drawn place


def test_a_drawn_place_that_was_taken_away_is_not_told_once_another_is_offered(session: WriteSession) -> None:
    lottery = Lottery(session)
    lottery.begin()
    for _ in range(3):
        lottery.ask()
    lottery.close()
    closed = {"status": SlotStatus.CLOSED, "planned": 0, "remaining": 0, "is_open": False}
    session.execute(update(Slot).where(Slot.id == lottery.slots[1].id).values(closed))
    lottery.held()
    [without] = lottery.losers()
    found = select(OutboxMessage.notice, OutboxMessage.params).where(OutboxMessage.notice == DrawNotice.TAKEN_AWAY)
    name, params = session.execute(found).one()
    assert told(session, without.chat.id, (name, params), now=lottery.now) is not None

    lottery.deliver()
    lottery.decline(lottery.winners()[0])
    lottery.run()

    assert lottery.offer(without) is not None
    assert told(session, without.chat.id, (name, params), now=lottery.now) is None


# --------------------------------------------------------------------------------------- what was recorded of a visit


def _ends(scene: Scene, outcome: Outcome) -> None:
    record_outcome(scene.session, appointment_id=scene.appointment_id, outcome=outcome, **CLERK)


def _comes_back(scene: Scene) -> None:
    slot_id = scene.another_day(later=True)
    record_come_back(scene.session, appointment_id=scene.appointment_id, slot_id=slot_id, **CLERK)


RECORDED: dict[str, Callable[[Scene], None]] = {
    "visit_served": lambda scene: _ends(scene, Outcome.SERVED),
    "visit_absent": lambda scene: _ends(scene, Outcome.ABSENT),
    "visit_come_back": _comes_back,
}


@pytest.mark.parametrize("notice", RECORDED)
def test_what_was_recorded_is_not_told_once_it_was_taken_back(scene: Scene, notice: str) -> None:
    RECORDED[notice](scene)
    [message] = scene.waiting(notice)
    assert scene.told(message, now=CLERK["now"]) is not None

    undo_outcome(scene.session, appointment_id=scene.appointment_id, **CLERK)

    assert scene.told(message, now=CLERK["now"]) is None


@pytest.mark.parametrize("again", RECORDED)
def test_a_correction_is_not_told_once_an_outcome_was_recorded_anew(scene: Scene, again: str) -> None:
    _ends(scene, Outcome.ABSENT)
    for id in scene.session.scalars(select(OutboxMessage.id).where(OutboxMessage.is_open)).all():
        mark_sent(scene.session, id=id, message_id="1", now=NOW)
    undo_outcome(scene.session, appointment_id=scene.appointment_id, **CLERK)
    [message] = scene.waiting("visit_undone")
    assert scene.told(message, now=CLERK["now"]) is not None
    if again != "visit_absent":  # who is there cannot be absent
        record_arrival(scene.session, appointment_id=scene.appointment_id, **CLERK)
        assert scene.told(message, now=CLERK["now"]) is not None

    RECORDED[again](scene)

    assert scene.told(message, now=CLERK["now"]) is None


def test_a_corrected_name_is_told_until_the_appointment_is_cancelled(scene: Scene) -> None:
    correct_from_paper(scene.session, appointment_id=scene.appointment_id, identity=None, name="گل‌آغا رحیمی", **CLERK)
    [message] = scene.waiting("name_corrected")
    assert "گل‌آغا رحیمی" in scene.words(message)
    record_arrival(scene.session, appointment_id=scene.appointment_id, **CLERK)
    assert scene.told(message, now=CLERK["now"]) is not None
    undo_arrival(scene.session, appointment_id=scene.appointment_id, **CLERK)

    cancel_by_office(scene.session, appointment_id=scene.appointment_id, reason="", **CLERK)

    assert scene.told(message, now=CLERK["now"]) is None
