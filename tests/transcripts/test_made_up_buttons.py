"""Buttons that somebody makes up: the data of a press is theirs to write, whatever a flow expects in it."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

from sqlalchemy import select

from bot.flows.registry import FLOWS
from desk.appointments.models import Appointment
from desk.linked_papers.models import AppointmentChoice
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.waiting.models import StandingRequest
from tests.domain.linked_scene import TwoPapers
from tests.makers import make_conversation
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of

MADE_UP = ("", "0", "-1", "1.", ".1", "9" * 19, "9" * 40, "۱.۲", "1.2.3.4", "x" * 3000, "\u202e1", "\x00", "go:menu:")


def of_a_stranger(session: WriteSession) -> list[str]:
    """Somebody is asked which of two turns stays; the ids that a button about it would name."""
    two = TwoPapers(session)
    earlier, later = two.both()
    two.link()
    ids = [earlier.id, later.id, two.choice().id]
    return [*map(str, ids), *(f"{one}.{other}" for one, other in product(ids, ids))]


def standing(session: WriteSession) -> list[object]:
    """All that a press may have changed of the stranger."""
    appointments = session.execute(select(Appointment.id, Appointment.state, Appointment.is_live, Appointment.moves))
    asked = session.execute(select(AppointmentChoice.id, AppointmentChoice.state))
    messages = session.execute(select(OutboxMessage.id, OutboxMessage.is_open))
    waits = session.execute(select(StandingRequest.id, StandingRequest.state))
    return [sorted(map(tuple, rows)) for rows in (appointments, asked, messages, waits)]


async def test_every_one_is_answered_and_reaches_nothing_of_a_stranger(storage: Storage) -> None:
    stage = BareStage(Bot(storage=storage, language=language_of("fa"), clock=Clock()))
    at = stage.address
    ids = await storage.write(of_a_stranger)
    await storage.write(lambda session: make_conversation(session, channel=at.channel, bot=at.bot, chat=at.chat))
    before = await storage.write(standing)
    for flow, arg in product(FLOWS, (*MADE_UP, *ids)):
        data = f"go:{flow}:{arg}"
        assert await stage.presses(data), f"silence after {data[:60]}"
    for key in ("yes", "no", "other", "r0.yes", "r9.~more", "r1.\x00", "go:", "go", *MADE_UP):
        assert await stage.presses(key), f"silence after {key[:60]}"
    assert await storage.write(standing) == before


async def test_the_button_about_turns_of_two_chats_names_nothing_of_the_other(storage: Storage) -> None:
    """The data of a button can be read, and the id of an appointment tells when it was booked."""
    stage = BareStage(Bot(storage=storage, language=language_of("fa"), clock=Clock()))
    at = stage.address

    def in_two_chats(session: WriteSession) -> list[int]:
        two = TwoPapers(session)
        mine = make_conversation(session, channel=at.channel, bot=at.bot, chat=at.chat).id
        theirs, own = two.takes(two.old, two.late), two.takes(two.new, two.early, chat=mine)
        two.link()
        return [theirs.id, own.id, two.choice().id]

    theirs, own, choice = await storage.write(in_two_chats)
    stage.bot.clock.advance(timedelta(days=1))
    await stage.post()
    [data] = [data for each in stage.messages.values() for data in each.buttons.values() if "which_stays" in data]
    assert data == f"go:which_stays:{choice}.0"
    [asked] = await stage.presses(data)
    await stage.press(asked.rows[0][0])
    found = await storage.read(lambda session: dict(session.execute(select(Appointment.id, Appointment.is_live)).all()))
    assert (found[own], found[theirs]) == (False, True)
