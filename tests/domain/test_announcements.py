"""A chat that wants to be told when something of a service is announced: asking, taking back, telling once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from desk.acting import Actor
from desk.announcements import actions, queries
from desk.announcements.models import AnnouncementWish
from desk.announcements.refusals import NothingUnknown, TooManyWishes
from desk.announcements.rules import MOST_WISHES, SETTLES, Announceable, AnnouncementNotice, read, written
from desk.announcements.telling import tell_announced
from desk.catalogue.models import Service, ServiceFee, ServicePaper, ServiceStep
from desk.conversations.models import Conversation
from desk.erasure.actions import erase
from desk.erasure.queries import what_is_held
from desk.language.text import Localised
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.domain.transfer_scene import Scene
from tests.makers import NOW, TODAY, at, make_conversation, make_queue, make_service
from tests.makers_fees import make_fee

T = TypeVar("T")
SOON = NOW + SETTLES
"""When that is told which was found announced at NOW, a morning."""


def ask(session: WriteSession, chat: Conversation, service: Service, *, now: datetime = NOW) -> None:
    actions.ask(session, actor=Actor.chat(chat.id), service_id=service.id, now=now)


def tell(session: WriteSession, *, now: datetime = NOW, limit: int = 200) -> int:
    return tell_announced(session, now=now, limit=limit)


def told(session: WriteSession) -> list[tuple[int, dict[str, Any]]]:
    """The chats that were told, and what the message keeps."""
    asked = select(OutboxMessage).where(OutboxMessage.notice == AnnouncementNotice.ANNOUNCED).order_by(OutboxMessage.id)
    return [(row.conversation_id, row.params) for row in session.scalars(asked)]


def wishes(session: WriteSession) -> dict[int, str]:
    found = select(AnnouncementWish.conversation_id, AnnouncementWish.unknown)
    return {row.conversation_id: row.unknown for row in session.execute(found)}


class Desk:
    """A chat, and a service with an office of which nothing else is announced."""

    def __init__(self, session: WriteSession) -> None:
        self.session = session
        self.chat, self.service = make_conversation(session), make_service(session)
        make_queue(session, services=[self.service])

    def announce_papers(self) -> None:
        self.session.add(ServicePaper(service_id=self.service.id, title=Localised({"fa": "کارت"})))
        self.session.flush()

    def announce_everything(self) -> None:
        make_fee(self.session, service=self.service)
        self.announce_papers()
        self.session.add(ServiceStep(service_id=self.service.id, position=1, title=Localised({"fa": "شماره"})))
        self.service.duration = Localised({"fa": "ده دقیقه"})
        self.session.flush()


async def within(storage: Storage, act: Callable[[Desk], T]) -> T:
    return await storage.write(lambda session: act(Desk(session)))


def test_what_is_stored_is_read_again() -> None:
    assert read(written([Announceable.STEPS, Announceable.FEE, Announceable.FEE])) == (
        Announceable.FEE,
        Announceable.STEPS,
    )


async def test_asking_twice_is_one_wish_with_what_was_unknown_at_either_time(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        make_fee(desk.session, service=desk.service, valid_to=TODAY)
        ask(desk.session, desk.chat, desk.service)
        assert wishes(desk.session) == {desk.chat.id: "papers,steps,duration"}
        desk.announce_papers()
        ask(desk.session, desk.chat, desk.service, now=NOW + timedelta(days=1))
        assert wishes(desk.session) == {desk.chat.id: "fee,papers,steps,duration"}

    await within(storage, act)


async def test_nothing_is_promised_where_everything_is_announced(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        desk.announce_everything()
        with pytest.raises(NothingUnknown):
            ask(desk.session, desk.chat, desk.service)

    await within(storage, act)


async def test_a_service_that_nobody_may_read_cannot_be_waited_for(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        desk.service.is_published = False
        desk.session.flush()
        with pytest.raises(LookupError):
            ask(desk.session, desk.chat, desk.service)

    await within(storage, act)


async def test_a_chat_waits_for_so_many_services_and_no_more(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        for _number in range(MOST_WISHES):
            ask(desk.session, desk.chat, make_service(desk.session))
        with pytest.raises(TooManyWishes):
            ask(desk.session, desk.chat, desk.service)
        first = queries.services(desk.session, conversation_id=desk.chat.id)[0]
        actions.ask(desk.session, actor=Actor.chat(desk.chat.id), service_id=first.id, now=NOW)  # it waits already
        assert actions.take_back(desk.session, actor=Actor.chat(desk.chat.id), service_id=first.id)
        ask(desk.session, desk.chat, desk.service)
        ask(desk.session, make_conversation(desk.session), desk.service)  # another chat has room of its own
        assert queries.waiting(desk.session, service_id=desk.service.id) == 2

    await within(storage, act)


async def test_what_is_announced_is_told_once_when_it_stands_for_an_hour(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        ask(desk.session, desk.chat, desk.service)
        assert tell(desk.session) == 0
        make_fee(desk.session, service=desk.service)
        assert tell(desk.session) == 0
        assert tell(desk.session, now=SOON - timedelta(minutes=1)) == 0
        assert tell(desk.session, now=SOON) == 1
        unknown = "fee,papers,steps,duration"
        assert told(desk.session) == [(desk.chat.id, {"service": desk.service.id, "unknown": unknown})]
        assert wishes(desk.session) == {}
        desk.announce_papers()
        assert tell(desk.session, now=SOON + timedelta(days=1)) == 0
        assert len(told(desk.session)) == 1

    await within(storage, act)


async def test_what_the_chat_did_not_wait_for_is_not_told(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        desk.announce_everything()
        fee = desk.session.scalars(select(ServiceFee)).one()
        fee.confirmed_on = None
        desk.session.flush()
        ask(desk.session, desk.chat, desk.service)
        assert wishes(desk.session) == {desk.chat.id: "fee"}
        desk.announce_papers()
        assert [tell(desk.session), tell(desk.session, now=SOON)] == [0, 0]
        assert told(desk.session) == []

    await within(storage, act)


async def test_what_is_taken_back_within_the_hour_is_not_told_and_still_waited_for(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        ask(desk.session, desk.chat, desk.service)
        fee = make_fee(desk.session, service=desk.service)
        tell(desk.session)
        desk.session.delete(fee)
        desk.session.flush()
        assert tell(desk.session, now=SOON) == 0
        make_fee(desk.session, service=desk.service)
        assert tell(desk.session, now=SOON + timedelta(minutes=15)) == 0, "its hour begins anew"
        assert tell(desk.session, now=SOON + SETTLES + timedelta(minutes=15)) == 1

    await within(storage, act)


async def test_nobody_is_told_at_night(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        ask(desk.session, desk.chat, desk.service)
        make_fee(desk.session, service=desk.service)
        tell(desk.session, now=at(hour=19))
        assert tell(desk.session, now=at(hour=21)) == 0
        assert tell(desk.session, now=at(TODAY + timedelta(days=1), hour=6, minute=59)) == 0
        assert tell(desk.session, now=at(TODAY + timedelta(days=1), hour=7)) == 1

    await within(storage, act)


async def test_an_office_that_offers_it_is_an_announcement(storage: Storage) -> None:
    def act(session: WriteSession) -> None:
        chat, service = make_conversation(session), make_service(session)
        ask(session, chat, service)
        assert Announceable.OFFICE in read(wishes(session)[chat.id])
        assert [tell(session), tell(session, now=SOON)] == [0, 0]
        make_queue(session, services=[service])
        assert [tell(session, now=SOON), tell(session, now=SOON + SETTLES)] == [0, 1]

    await storage.write(act)


async def test_a_service_that_is_hidden_is_told_when_it_is_shown_again(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        ask(desk.session, desk.chat, desk.service)
        make_fee(desk.session, service=desk.service)
        desk.service.is_published = False
        desk.session.flush()
        assert [tell(desk.session), tell(desk.session, now=SOON)] == [0, 0]
        desk.service.is_published = True
        desk.session.flush()
        assert [tell(desk.session, now=SOON), tell(desk.session, now=SOON + SETTLES)] == [0, 1]

    await within(storage, act)


async def test_many_are_told_a_batch_at_a_time(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        for chat in (desk.chat, make_conversation(desk.session), make_conversation(desk.session)):
            ask(desk.session, chat, desk.service)
        make_fee(desk.session, service=desk.service)
        tell(desk.session)
        assert [tell(desk.session, now=SOON, limit=2) for _round in range(3)] == [2, 1, 0]
        assert len({chat for chat, _params in told(desk.session)}) == 3

    await within(storage, act)


async def test_a_batch_is_of_all_services_together(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        other = Desk(desk.session)
        for service in (desk.service, other.service):
            ask(desk.session, desk.chat, service)
            ask(desk.session, other.chat, service)
            make_fee(desk.session, service=service)
        tell(desk.session)
        assert [tell(desk.session, now=SOON, limit=3) for _round in range(3)] == [3, 1, 0]

    await within(storage, act)


async def test_two_processes_tell_a_chat_once(storage: Storage) -> None:
    def prepare(desk: Desk) -> None:
        for _number in range(10):
            ask(desk.session, make_conversation(desk.session), desk.service)
        make_fee(desk.session, service=desk.service)
        tell(desk.session)

    await within(storage, prepare)
    done = await asyncio.gather(*(storage.write(lambda session: tell(session, now=SOON)) for _process in range(4)))
    assert sum(done) == 10
    assert len(await storage.write(told)) == 10


async def test_a_blocked_chat_is_not_told_and_no_longer_waits(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        other = make_conversation(desk.session)
        ask(desk.session, desk.chat, desk.service)
        ask(desk.session, other, desk.service)
        make_fee(desk.session, service=desk.service)
        tell(desk.session)
        desk.chat.reachable = False
        desk.session.flush()
        assert tell(desk.session, now=SOON) == 1
        assert [chat for chat, _params in told(desk.session)] == [other.id]
        assert actions.forget_wishes(desk.session, now=NOW, limit=9) == 1
        assert wishes(desk.session) == {}

    await within(storage, act)


async def test_a_wish_waits_for_a_year(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        ask(desk.session, desk.chat, desk.service)
        assert actions.forget_wishes(desk.session, now=NOW + timedelta(days=365), limit=9) == 0
        assert actions.forget_wishes(desk.session, now=NOW + timedelta(days=366), limit=9) == 1
        ask(desk.session, desk.chat, desk.service)
        ask(desk.session, desk.chat, desk.service, now=NOW + timedelta(days=30))  # it waits anew
        assert actions.forget_wishes(desk.session, now=NOW + timedelta(days=366), limit=9) == 0

    await within(storage, act)


async def test_erasing_takes_the_wishes_with_it(storage: Storage) -> None:
    def act(desk: Desk) -> None:
        other = make_conversation(desk.session)
        for chat in (desk.chat, other):
            ask(desk.session, chat, desk.service)
        make_fee(desk.session, service=desk.service)
        tell(desk.session)
        assert what_is_held(desk.session, conversation_id=desk.chat.id)["announcement_wishes"] == 1
        erase(desk.session, actor=Actor.chat(desk.chat.id), now=NOW)
        assert wishes(desk.session).keys() == {other.id}
        assert tell(desk.session, now=SOON) == 1

    await within(storage, act)


@pytest.mark.parametrize("is_stopped", [False, True])
async def test_wishes_go_over_with_all_that_a_chat_has_and_come_back(storage: Storage, is_stopped: bool) -> None:
    def act(session: WriteSession) -> None:
        from desk.transfers import actions as transfers

        scene, both = Scene(session), make_service(session)
        for chat, service in ((scene.old, scene.service), (scene.old, both), (scene.new, both)):
            ask(session, chat, service)

        def has() -> list[set[int]]:
            found = [queries.services(session, conversation_id=chat.id) for chat in (scene.old, scene.new)]
            return [{row.id for row in rows} for rows in found]

        transfer_id = scene.bring()
        assert has() == [set(), {scene.service.id, both.id}]
        if is_stopped:
            transfers.stop(session, actor=Actor.chat(scene.old.id), transfer_id=transfer_id, now=NOW)
            assert has() == [{scene.service.id}, {both.id}], "what the stranger waited for stays theirs"

    await storage.write(act)
