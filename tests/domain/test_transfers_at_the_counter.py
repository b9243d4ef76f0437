"""At the counter a code brings over the appointments of one paper, and no complaint; it works once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import Actor, OutOfReach
from desk.cases.chat import mine as cases_of
from desk.conversations.models import Conversation
from desk.events.models import Event
from desk.people.rules import DocumentKind
from desk.staff.queries import actor_of
from desk.storage.base import WriteSession
from desk.transfers import actions, counter
from desk.transfers import chat as transfers
from desk.transfers.models import CounterCode, Transfer
from desk.transfers.refusals import NoSuchCode, TooLateToStop
from desk.transfers.rules import MOST_TRIES, TransferNotice
from tests import weak_hashes
from tests.domain.transfer_scene import KEY, LATER, Scene, cases_in, chat_row, told, whole
from tests.makers import NOW, make_conversation, make_office, make_person, make_staff
from tests.makers_cases import file_complaint


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


def at_counter(scene: Scene, **over: Any) -> str | None:
    given: dict[str, Any] = {"actor": make_clerk(scene), "identity": scene.identity, "now": NOW} | over
    return counter.give_code(scene.session, appointment_id=scene.turn.id, **given)


def make_clerk(scene: Scene) -> Actor:
    return actor_of(scene.session, staff_id=make_staff(scene.session, office=scene.office).id, now=NOW)


def redeem(scene: Scene, digits: str, chat: Conversation | None = None, **over: Any) -> Any:
    actor = Actor.chat((chat or scene.new).id)
    return counter.redeem(scene.session, actor=actor, digits=digits, **{"now": NOW} | over)


def test_the_counter_brings_the_turns_of_the_paper_and_no_complaint(scene: Scene) -> None:
    session = scene.session
    child = scene.appointment(person=make_person(session, conversation=scene.old, name="پروین"))
    case = file_complaint(session, conversation=scene.old)
    digits = at_counter(scene)
    assert digits is not None
    redeem(scene, digits)
    whole(session)
    assert scene.has(scene.new) == {scene.turn.id}
    assert scene.has(scene.old) == {child.id}
    actions.bring_cases(session, now=LATER, limit=9)
    assert cases_in(session, scene.old) == {case.case_id}
    assert told(session, scene.old).count(TransferNotice.AWAY) == 1
    kinds = list(session.scalars(select(Event.kind).where(Event.subject == f"appointment:{scene.turn.id}")))
    assert kinds[-2:] == ["transfer.code", "transfer.made"]
    transfer_id = session.scalars(select(Transfer.id)).one()
    with pytest.raises(TooLateToStop):
        actions.stop(session, actor=Actor.chat(scene.old.id), transfer_id=transfer_id, now=NOW)


def test_a_complaint_comes_by_its_own_code_after_the_counter(scene: Scene) -> None:
    session = scene.session
    case = file_complaint(session, conversation=scene.old)
    stranger, new = chat_row(session, make_conversation(session)), chat_row(session, scene.new)
    row = cases_of(chat_row(session, scene.old))[0]
    assert not transfers.bring_case(new, row), "nothing came over yet"
    digits = at_counter(scene)
    assert digits is not None
    redeem(scene, digits)
    assert not transfers.bring_case(stranger, row)
    assert transfers.bring_case(new, row)
    whole(session)
    assert cases_in(session, scene.new) == {case.case_id}


def test_a_code_works_once_and_for_a_quarter_of_an_hour(scene: Scene) -> None:
    session = scene.session
    first, digits = at_counter(scene), at_counter(scene)
    assert first is not None
    assert digits is not None
    for wrong in (first, "00000000"):
        with pytest.raises(NoSuchCode):
            redeem(scene, wrong)
    with pytest.raises(NoSuchCode):
        redeem(scene, digits, now=NOW + timedelta(minutes=15))
    redeem(scene, digits)
    with pytest.raises(NoSuchCode):
        redeem(scene, digits, make_conversation(session))
    stored = session.execute(select(CounterCode)).all()
    assert not stored


def test_codes_of_the_counter_are_not_tried_out(scene: Scene) -> None:
    digits = at_counter(scene)
    assert digits is not None
    for nth in range(MOST_TRIES):
        with pytest.raises(NoSuchCode):
            redeem(scene, f"{nth:08}")
    with pytest.raises(NoSuchCode):
        redeem(scene, digits)
    redeem(scene, digits, make_conversation(scene.session))


def test_the_clerk_needs_the_number_and_the_office(scene: Scene) -> None:
    session = scene.session
    other = weak_hashes.digest("11223344", kind=DocumentKind.AMAYESH, key=KEY)
    assert at_counter(scene, identity=other) is None
    assert "appointment.not_found" in set(session.scalars(select(Event.kind)))
    elsewhere = make_staff(session, office=make_office(session))
    with pytest.raises(OutOfReach):
        at_counter(scene, actor=actor_of(session, staff_id=elsewhere.id, now=NOW))
