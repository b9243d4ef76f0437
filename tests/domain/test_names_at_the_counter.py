"""A clerk with the original paper in hand corrects the name on an appointment of today, by the rules of the chat."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from desk.acting import Actor, OutOfReach
from desk.appointments.actions import cancel
from desk.appointments.queries import appointment_by_id
from desk.events.models import Event
from desk.offices.models import Office
from desk.organisation import Scope
from desk.organisation import office as office_node
from desk.people.models import KnownPerson, Person
from desk.people.queries import known
from desk.people.refusals import NotASlip, SlipMended
from desk.people.rules import DocumentKind, IdentityDigest
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.visits.actions import record_arrival
from desk.visits.naming import correct_from_paper
from desk.visits.refusals import NotRecordable, NotYetTheDay
from tests.domain.booking_scene import WEEK
from tests.domain.test_contested_numbers import NUMBER, THE_DAY, WRONG, Two
from tests.makers import acting, at, make_office, make_queue, make_service, make_slot

BEFORE, SLIP, OTHER = "گل‌آقا رحیمی", "گل‌آغا رحیمی", "احمد ظاهر"


@pytest.fixture
def two(session: WriteSession) -> Two:
    return Two(session)


def correct(
    two: Two, id: int, name: str = OTHER, identity: IdentityDigest | None = NUMBER, now: datetime = THE_DAY
) -> bool:
    done = correct_from_paper(
        two.session, appointment_id=id, identity=identity, name=name, actor=acting(two.clerk.id), now=now
    )
    two.session.expire_all()
    return done.fits


def name_of(two: Two, id: int) -> str | None:
    found = appointment_by_id(two.session, appointment_id=id)
    assert found is not None
    return found.person_name


def test_the_name_of_the_paper_stands_on_the_list_the_ticket_and_in_the_chat(two: Two) -> None:
    id = two.book(two.first_slot).appointment_id
    before = {key for key, _due in two.messages()}

    assert correct(two, id)

    assert name_of(two, id) == OTHER
    assert [row.name for row in known(two.session, conversation_id=two.chat.id) if row.person_id == two.person.id] == [
        OTHER
    ]
    assert {key for key, _due in two.messages()} - before == {f"ticket_changed:{id}:name:1", f"name_corrected:{id}:1"}
    assert verify(two.session) == []


async def test_it_is_so_on_both_databases(storage: Storage) -> None:
    def done(session: WriteSession) -> tuple[str | None, list[str]]:
        two = Two(session)
        id = two.book(two.first_slot).appointment_id
        correct(two, id)
        return name_of(two, id), [str(each) for each in verify(session)]

    assert await storage.write(done) == (OTHER, [])


def test_the_history_names_the_clerk_and_neither_name(two: Two) -> None:
    id = two.book(two.first_slot).appointment_id
    correct(two, id)

    event = two.session.scalars(select(Event).where(Event.kind == "appointment.name_corrected")).one()
    assert (event.subject, event.actor_id) == (f"appointment:{id}", two.clerk.id)
    told = repr([getattr(event, column.key) for column in Event.__table__.columns])
    assert OTHER not in told
    assert BEFORE not in told


def test_the_name_that_stands_there_already_is_no_correction(two: Two) -> None:
    id = two.book(two.first_slot).appointment_id
    before = {key for key, _due in two.messages()}
    assert correct(two, id, name=BEFORE)
    assert {key for key, _due in two.messages()} == before
    assert two.session.scalars(select(Event.id).where(Event.kind == "appointment.name_corrected")).all() == []


def test_another_paper_changes_nothing_but_the_count_of_tries(two: Two) -> None:
    first, second = two.both()
    before = {key for key, _due in two.messages()}

    assert not correct(two, first.id, identity=WRONG)

    assert name_of(two, first.id) == BEFORE
    assert two.of(second.id).is_live
    assert {key for key, _due in two.messages()} == before
    kinds = select(Event.kind).where(Event.subject == f"appointment:{first.id}", Event.actor_id == two.clerk.id)
    assert two.session.scalars(kinds).all() == ["appointment.number_differs"]


def test_the_other_appointment_of_the_number_falls_as_when_it_is_only_compared(two: Two) -> None:
    first, second = two.both()
    assert correct(two, first.id)
    assert (two.of(first.id).is_live, two.of(second.id).is_live) == (True, False)


def test_nobody_gets_round_the_number_by_leaving_it_out(two: Two) -> None:
    id = two.book(two.first_slot).appointment_id
    with pytest.raises(NotRecordable):
        correct(two, id, identity=None)
    assert name_of(two, id) == BEFORE


def test_it_is_done_on_the_day_before_or_after_the_arrival_and_not_later(two: Two) -> None:
    id = two.book(two.first_slot).appointment_id
    with pytest.raises(NotYetTheDay):
        correct(two, id, now=THE_DAY - timedelta(days=1))
    record_arrival(two.session, appointment_id=id, actor=acting(two.clerk.id), now=THE_DAY)
    two.session.flush()
    assert correct(two, id)
    with pytest.raises(NotRecordable):
        correct(two, id, name=SLIP, now=THE_DAY + timedelta(days=1))
    assert name_of(two, id) == OTHER


@pytest.mark.parametrize(
    ("kind", "name", "identity"),
    [
        (DocumentKind.AMAYESH, OTHER, NUMBER),
        (DocumentKind.NONE, SLIP, None),
    ],
)
def test_what_was_cancelled_keeps_its_name(
    two: Two, kind: DocumentKind, name: str, identity: IdentityDigest | None
) -> None:
    id = two.book(two.first_slot, document_kind=kind).appointment_id
    cancel(two.session, appointment_id=id, actor=Actor.chat(two.chat.id), now=THE_DAY - timedelta(days=1))
    with pytest.raises(NotRecordable):
        correct(two, id, name=name, identity=identity)


def within(two: Two, office: Office) -> Actor:
    """The clerk, with permissions at this office alone."""
    return acting(two.clerk.id, may=Scope.of(office_node(office.id, area=office.area)))


def test_a_clerk_of_another_office_is_refused_whatever_the_page_let_through(two: Two) -> None:
    id = two.book(two.first_slot).appointment_id
    stranger = within(two, make_office(two.session, code="72-9999"))
    with pytest.raises(OutOfReach):
        correct_from_paper(two.session, appointment_id=id, identity=NUMBER, name=OTHER, actor=stranger, now=THE_DAY)
    assert name_of(two, id) == BEFORE


@pytest.mark.parametrize("is_in_reach", [True, False])
def test_what_is_ahead_gets_the_name_where_the_clerk_may_record(two: Two, is_in_reach: bool) -> None:
    own = two.session.get_one(Office, two.queue.office_id)
    service = make_service(two.session)
    queue = make_queue(two.session, services=[service], office=own if is_in_reach else None)
    slot = make_slot(two.session, queue=queue, starts_at=at(WEEK + timedelta(days=1), hour=9))
    today = two.book(two.first_slot).appointment_id
    ahead = two.book(slot, service_id=service.id).appointment_id

    clerk = within(two, own)
    correct_from_paper(two.session, appointment_id=today, identity=NUMBER, name=OTHER, actor=clerk, now=THE_DAY)
    two.session.expire_all()

    assert name_of(two, today) == OTHER
    assert name_of(two, ahead) == (OTHER if is_in_reach else BEFORE)


def test_without_a_paper_one_slip_is_mended_at_the_counter_or_in_the_chat(two: Two) -> None:
    id = two.book(two.first_slot, document_kind=DocumentKind.NONE).appointment_id
    with pytest.raises(NotASlip):
        correct(two, id, identity=None)
    with pytest.raises(NotRecordable):
        correct(two, id, name=SLIP, identity=None, now=THE_DAY + timedelta(days=1))
    assert correct(two, id, name=SLIP, identity=None)
    with pytest.raises(SlipMended):
        correct(two, id, name=BEFORE, identity=None)
    assert name_of(two, id) == SLIP
    assert two.session.scalars(select(Person.is_slip_mended).where(Person.id == two.person.id)).one()


@pytest.mark.parametrize("is_in_reach", [True, False])
def test_a_slip_of_two_services_of_the_day_is_mended_in_both_where_the_clerk_may_record(
    two: Two, is_in_reach: bool
) -> None:
    own = two.session.get_one(Office, two.queue.office_id)
    service = make_service(two.session)
    queue = make_queue(two.session, services=[service], office=own if is_in_reach else None)
    slot = make_slot(two.session, queue=queue, starts_at=at(WEEK, hour=11))
    first = two.book(two.first_slot, document_kind=DocumentKind.NONE).appointment_id
    other = two.book(slot, service_id=service.id, document_kind=DocumentKind.NONE).appointment_id

    clerk = within(two, own)
    correct_from_paper(two.session, appointment_id=first, identity=None, name=SLIP, actor=clerk, now=THE_DAY)
    two.session.expire_all()

    assert name_of(two, first) == SLIP
    assert name_of(two, other) == (SLIP if is_in_reach else BEFORE)


def test_what_the_chat_took_off_its_list_stays_off(two: Two) -> None:
    id = two.book(two.first_slot).appointment_id
    two.session.execute(delete(KnownPerson))
    assert correct(two, id)
    assert known(two.session, conversation_id=two.chat.id) == []
