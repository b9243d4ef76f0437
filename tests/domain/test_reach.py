"""A role at a node of the organisation reaches what lies below it, in every query, and only while it is in force."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from desk.acting import OutOfReach, Permission
from desk.appointments.queries import by_identity
from desk.cases import inbox
from desk.cases.models import Case
from desk.cases.reach import within
from desk.consequences.queries import still_to_tell
from desk.offices import finding
from desk.offices.models import Office
from desk.offices.queries import all_offices, areas, provinces
from desk.offices.reach import node_of
from desk.organisation import EVERYWHERE, NOWHERE, Node, Scope, province
from desk.staff import actions, listing, queries
from desk.staff.models import RoleAssignment
from desk.staff.permissions import Role
from desk.staff.rules import RoleInput
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests import makers, makers_areas
from tests.makers import NOW, TODAY, by_staff
from tests.makers_cases import ask_question, file_complaint

COUNTY, DISTRICT, BESIDE = Node("/IR-30/01/"), Node("/IR-30/01/02/"), Node("/IR-30/010/")
A_DAY = timedelta(days=1)


def country(session: WriteSession) -> dict[str, Office]:
    """Offices in a district, in its county, in a county beside it whose name begins alike, in the province, and far."""
    made = {}
    for name, code in (("district", "IR-30"), ("county", "IR-30"), ("beside", "IR-30"), ("plain", "IR-30")):
        made[name] = makers.make_office(session, province_code=code)
    made["far"] = makers.make_office(session, province_code="IR-23")
    for node, name in ((COUNTY, "کرج"), (DISTRICT, "کمال‌شهر"), (BESIDE, "نظرآباد")):
        makers_areas.make_area(session, path=node.path, name=name)
    made["district"].area, made["county"].area, made["beside"].area = DISTRICT.path, COUNTY.path, BESIDE.path
    session.flush()
    return made


SCOPES = {
    "nation": (EVERYWHERE, {"district", "county", "beside", "plain", "far"}),
    "province": (Scope.of(province("IR-30")), {"district", "county", "beside", "plain"}),
    "county": (Scope.of(COUNTY), {"district", "county"}),
    "district": (Scope.of(DISTRICT), {"district"}),
    "district and far": (Scope.of(DISTRICT, province("IR-23")), {"district", "far"}),
    "nowhere": (NOWHERE, set()),
}


@pytest.mark.parametrize("name", SCOPES)
async def test_every_query_reaches_what_lies_below(storage: Storage, name: str) -> None:
    scope, reached = SCOPES[name]

    def ask(session: WriteSession) -> None:
        made = country(session)
        person = makers.make_person(session, identity_hash="a" * 64)
        service, members, questions = makers.make_service(session), {}, {}
        for each, office in made.items():
            queue = makers.make_queue(session, office=office, services=[service])
            slot = makers.make_slot(session, queue=queue)
            appointment = makers.make_appointment(
                session, slot=slot, service=makers.make_service(session), person=person
            )
            assert appointment.office_id == office.id
            members[makers.make_staff(session, office=office).id] = each
            questions[ask_question(session, office=office).case_id] = each
        named = {office.id: each for each, office in made.items()}
        everything = [row.id for row in all_offices(session, scope=EVERYWHERE)]
        assert set(everything) == set(named)
        assert {named[row.id] for row in all_offices(session, scope=scope)} == reached
        assert {named[row.id] for row in finding.some(session, scope=scope, limit=9)} == reached
        theirs = finding.find(session, scope=scope, provinces=provinces(session), limit=9)
        assert {named[row.id] for row in theirs.rows} == reached
        booked = by_identity(session, hashes=["a" * 64], scope=scope, limit=9)
        assert {named[row.office.id] for row in booked} == reached
        assert {members[row.id] for row in listing.members(session, scope=scope).rows if row.id in members} == reached
        assert {questions[row.id] for row in inbox.inbox(session, scope=scope, now=NOW).rows} == reached
        assert still_to_tell(session, scope=scope, since=TODAY) == []
        for each, office in made.items():
            assert scope.covers(office.node) == (each in reached)

    await storage.write(ask)


def test_a_county_handles_its_offices_questions_and_no_complaints(session: WriteSession) -> None:
    made = country(session)
    file_complaint(session, office=made["county"])
    question = ask_question(session, office=made["county"]).case_id
    ask_question(session, province_code="IR-30")

    assert set(session.scalars(select(Case.id).where(within(Scope.of(COUNTY))))) == {question}


@pytest.mark.requirement("001-14", "M")
def test_somebody_of_a_county_acts_at_its_offices_only(session: WriteSession) -> None:
    made = country(session)
    admin = makers.make_staff(session, role=Role.ADMINISTRATOR).id
    who = by_staff(actions.create)(
        session,
        username="of.karaj",
        name="ناظر",
        password="kx7M-pQ2a-Zt9w-4hRb",
        roles=[RoleInput(Role.OFFICE_MANAGER, COUNTY)],
        staff_id=admin,
        now=NOW,
    )
    actor = queries.actor_of(session, staff_id=who, now=NOW)

    for name, office in made.items():
        at = node_of(session, office.id)
        assert actor.may(Permission.CAPACITY_WRITE, at=at) == (name in {"district", "county"})
    with pytest.raises(OutOfReach):
        node_of(session, 999)


@pytest.mark.requirement("001-14", "M")
async def test_a_role_is_in_force_from_its_first_local_day_to_its_last(storage: Storage) -> None:
    """The days are those of clocks in Tehran: half past eight in the evening of UTC is the next day there."""

    def employed(session: WriteSession) -> int:
        member = makers.make_staff(session, office=makers.make_office(session))
        role = session.scalars(select(RoleAssignment).where(RoleAssignment.staff_id == member.id)).one()
        role.valid_from, role.valid_to = TODAY, TODAY
        return member.id

    member_id = await storage.write(employed)
    morning, night = makers.at(TODAY, hour=0), makers.at(TODAY + A_DAY, hour=0)
    a_moment = timedelta(seconds=1)
    moments = {morning - a_moment: False, morning: True, night - a_moment: True, night: False}
    for now, is_in_force in moments.items():
        opened = await storage.write(actions.open_session, staff_id=member_id, now=now)
        staff = await storage.read(queries.session, token=opened.token, now=now)
        assert staff is not None
        assert bool(staff.scope(Permission.APPOINTMENTS_READ)) is is_in_force
        assert bool(staff.actor.grants) is is_in_force


def test_somebody_whose_role_has_ended_gives_none(session: WriteSession) -> None:
    office = makers.make_office(session)
    manager = makers.make_staff(session, role=Role.OFFICE_MANAGER, office=office)
    role = session.scalars(select(RoleAssignment).where(RoleAssignment.staff_id == manager.id)).one()
    role.valid_to = TODAY
    session.flush()
    roles = [RoleInput(Role.CLERK, office.node, valid_to=TODAY)]
    said = {"name": "تازه", "password": "kx7M-pQ2a-Zt9w-4hRb", "roles": roles}

    by_staff(actions.create)(session, username="one", staff_id=manager.id, now=NOW, **said)
    with pytest.raises(OutOfReach):
        by_staff(actions.create)(session, username="two", staff_id=manager.id, now=NOW + A_DAY, **said)


@pytest.mark.parametrize(("valid_from", "valid_to"), [(None, TODAY + A_DAY), (TODAY + A_DAY, None)])
def test_an_administrator_for_a_time_does_not_count_as_the_one_who_stays(
    session: WriteSession, valid_from: date | None, valid_to: date | None
) -> None:
    makers.make_staff(session, role=Role.ADMINISTRATOR)
    other = makers.make_staff(session, role=Role.ADMINISTRATOR)
    role = session.scalars(select(RoleAssignment).where(RoleAssignment.staff_id == other.id)).one()
    role.valid_from, role.valid_to = valid_from, valid_to
    session.flush()

    assert queries.administrators(session, now=NOW) == 1


def test_areas_are_listed_by_name_each_below_what_it_lies_in(session: WriteSession) -> None:
    country(session)

    rows = [(row.node.path, str(row.name.to_mapping()["fa"])) for row in areas(session)]

    assert rows == [
        ("/IR-30/", "البرز"),
        ("/IR-23/", "تهران"),
        ("/IR-30/01/", "کرج"),
        ("/IR-30/01/02/", "کمال‌شهر"),
        ("/IR-30/010/", "نظرآباد"),
    ]
    assert verify(session) == []
