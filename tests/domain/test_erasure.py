"""After erase-my-data no table holds anything that leads to the chat or its people; only counts are left."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, func, select

from desk.acting import SYSTEM, Actor
from desk.afterwards.models import AfterQuestion
from desk.announcements.actions import ask as ask_to_be_told
from desk.announcements.models import AnnouncementWish
from desk.appointments.assistance import keep_answers, wish
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState, AssistanceState
from desk.capacity.models import Slot
from desk.cases import actions as cases
from desk.cases.drafts import keep_draft
from desk.cases.models import Case, CaseEntry
from desk.cases.rules import CaseState, CloseReason
from desk.cases.stored import stored_case
from desk.conversations import actions as conversations
from desk.conversations.models import Conversation
from desk.erasure.actions import erase
from desk.erasure.queries import what_is_held
from desk.erasure.rows import Held
from desk.events.models import Event
from desk.language.text import Localised
from desk.offices.rules import Assistance
from desk.other_chats.falling_back import fall_back
from desk.other_chats.models import OtherChatCode
from desk.other_chats.rules import OtherChatNotice
from desk.outbox.models import OutboxMessage
from desk.parts import Fate
from desk.people import actions as people
from desk.people import links
from desk.people.jobs import forget_people
from desk.people.models import KnownPerson, Person
from desk.people.rules import DocumentKind
from desk.people.stored import stored_names
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.schema import metadata
from desk.signs.actions import note_looked_at
from desk.signs.rules import Judgement
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.subjects import privacy
from desk.transfers.models import Transfer
from desk.transfers.rules import TransferState, TransferWay
from desk.transfers.words import choose_word
from desk.verify import verify
from desk.visits.models import Visit
from desk.visits.rules import Outcome
from desk.visits.stored import stored_note
from desk.waiting.actions import give_class
from desk.waiting.models import PriorityClass
from desk.waiting.rules import ClassReason
from tests.domain.tries_of_line import put_done
from tests.keys import KEYS
from tests.makers import (
    AT_ONCE,
    NOW,
    TODAY,
    at,
    by_staff,
    make_appointment,
    make_conversation,
    make_office,
    make_person,
    make_queue,
    make_service,
    make_slot,
    make_staff,
)
from tests.makers_cases import ask_question, file_complaint, put_message
from tests.makers_other_chats import connect
from tests.makers_records import record_everything
from tests.makers_signs import make_suspect
from tests.makers_slips import put_papers
from tests.makers_waiting import make_request, wish_for
from tests.sealed import opened

CHAT_ID = 7654321
CHAT = "555987654"
NAME = "گل‌آقا رحیمی‌نژاد"
HASH = "feed" * 16
TRACES = (str(CHAT_ID), CHAT, "گل‌آقا", HASH, "Q7XZ", "پسته", "voice-of-golagha")
"""What must be nowhere afterwards: ids, names, the hash, the last four, what was said, the voice."""


def build(session: WriteSession) -> Conversation:
    """A chat that has done everything a chat can do."""
    chat = conversations.add_conversation(
        session,
        id=CHAT_ID,
        channel="telegram",
        bot="mizban",
        chat=CHAT,
        locale="fa_AF",
        state={"draft": {"name": NAME}},
        limits_mark="ab" * 32,
        now=NOW,
    )
    conversations.note_update(session, channel="telegram", bot="mizban", update_id="1", now=NOW)
    person = make_person(session, conversation=chat, name=NAME, identity_hash=HASH, last4="Q7XZ")
    links.put(session, [person.id], link_id=links.new_link(session, now=NOW))
    session.refresh(person)
    service = make_service(session)
    queue = make_queue(session, services=[service])
    ahead = make_appointment(
        session,
        slot=make_slot(session, queue=queue),
        service=service,
        person=person,
        conversation=chat,
        person_name=NAME,
    )
    ahead.idem_key = f"{CHAT_ID}.1.book"
    past = make_appointment(
        session,
        slot=make_slot(session, queue=queue, starts_at=at(TODAY - timedelta(days=3), hour=9)),
        service=service,
        person=person,
        conversation=chat,
        person_name=NAME,
        state=AppointmentState.SERVED,
    )
    past.idem_key = f"{CHAT_ID}.0.book"
    event = session.scalars(select(Event).where(Event.subject == f"appointment:{past.id}")).first()
    assert event is not None
    past.office_reason, event.idem_key = f"{NAME} بیاید", f"{CHAT_ID}.9.move"
    past.asked_at = past.confirmed_at = NOW
    wish(session, appointment_ids=[ahead.id, past.id], kinds=list(Assistance))
    keep_answers(session, appointment_id=ahead.id, moves=0, answers={Assistance.PASHTO: AssistanceState.ARRANGED})
    past.link_id = person.link_id
    note = stored_note(session.keys, f"{NAME} پسته آورد", appointment_id=past.id)
    session.add(Visit(appointment_id=past.id, outcome=Outcome.SERVED, note_sealed=note))
    session.flush()
    record_everything(session, appointment_id=past.id, words=f"{NAME} پسته داد")
    held: dict[str, Any] = {"conversation_id": CHAT_ID, "expires_at": NOW + timedelta(minutes=9)}
    session.add(Claim(kind=ClaimKind.HOLD, nth=1, slot_id=taken(session).id, **held))
    office = session.get_one(type(make_office(session)), ahead.office_id)
    staff = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id
    complaint = file_complaint(
        session, office=office, conversation=chat, name=NAME, text="پسته خواستند", idem_key=f"{CHAT_ID}.2.complain"
    )
    cases.say_more(
        session,
        idem_key=f"{CHAT_ID}.3.more",
        case_id=complaint.case_id,
        actor=Actor.chat(CHAT_ID),
        text=None,
        voice={"channel": "telegram", "bot": "mizban", "file_id": "voice-of-golagha", "seconds": 9},
        now=NOW,
    )
    by_staff(cases.reply)(session, case_id=complaint.case_id, staff_id=staff, text=f"{NAME}، پیگیری شد", now=NOW)
    facts = stored_case(KEYS, id=complaint.case_id, name=None, facts={"counter": f"باجهٔ {NAME}"})["facts_sealed"]
    session.get_one(Case, complaint.case_id).facts_sealed = facts
    ask_question(session, office=office, conversation=chat, text="پسته هم می‌فروشید؟")
    by_staff(keep_draft)(session, case_id=complaint.case_id, staff_id=staff, text=f"{NAME} پسته", now=NOW)
    suspect = make_suspect(session, appointment_id=past.id, number=482_173)
    by_staff(note_looked_at)(session, chat_id=suspect, judgement=Judgement.FAMILY, staff_id=staff, now=NOW)
    anywhere = wish_for(office, provinces=("IR-30",))
    request_id = make_request(session, service=service, wish=anywhere, chat=chat, people=(person,))
    first = PriorityClass(code="elderly", name=Localised({"fa": "سالمند"}))
    session.add(first)
    session.flush()
    give_class(
        session,
        request_id=request_id,
        office_id=office.id,
        class_id=first.id,
        reason=ClassReason.SEEN,
        actor=SYSTEM,
        now=NOW,
    )
    put_done(session, appointment=past, class_id=first.id)
    put_message(session, chat=CHAT, notice="reminder")
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.conversation_id == chat.id)).first()
    assert message is not None
    message.reason, message.message_id = "blocked", "77"
    other = make_conversation(session, channel="bale", chat="other")
    connect(session, other, chat)
    ask_to_be_told(session, actor=Actor.chat(chat.id), service_id=service.id, now=NOW)
    session.scalars(select(AnnouncementWish)).one().told_from = NOW
    session.add(AfterQuestion(conversation_id=chat.id, appointment_id=past.id, asked_on=TODAY))
    session.add(OtherChatCode(conversation_id=chat.id, mark="code", expires_at=NOW + timedelta(minutes=15)))
    told_there = put_message(session, chat=CHAT, notice="reminder", about=f"appointment:{ahead.id}", key="told there")
    assert told_there
    there = session.scalars(select(OutboxMessage).where(OutboxMessage.idem_key == "told there")).one()
    assert fall_back(session, message_id=there.id, claimed_for=chat.id, now=NOW)
    session.flush()
    return chat


def taken(session: WriteSession) -> Slot:
    """A slot one of whose places is held."""
    slot = make_slot(session, capacity=2)
    slot.remaining -= 1
    session.flush()
    return slot


def traces(session: WriteSession) -> list[str]:
    """Where any trace of the person is left: table, column, value."""
    found = []
    for table in metadata().sorted_tables:
        for row in session.execute(table.select()).mappings():
            for column, value in opened(KEYS, table.name, dict(row)).items():
                shown = json.dumps(value, ensure_ascii=False, default=str)
                if any(trace in shown for trace in TRACES):
                    found.append(f"{table.name}.{column} = {value!r}")
    return found


def count(session: WriteSession, model: type[object]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_scan_sees_what_is_there(session: WriteSession) -> None:
    build(session)
    places = {place.partition(" = ")[0] for place in traces(session)}
    assert {
        "conversations.id",
        "conversations.chat_sealed",
        "conversations.state_sealed",
        "persons.identity_hash",
        "persons.last4_sealed",
        "known_persons.name_sealed",
        "appointments.name_sealed",
        "appointments.conversation_id",
        "appointments.idem_key",
        "appointments.office_reason",
        "events.idem_key",
        "visits.note_sealed",
        "service_records.why_sealed",
        "claims.conversation_id",
        "cases.name_sealed",
        "cases.idem_key",
        "cases.conversation_id",
        "cases.facts_sealed",
        "case_entries.text_sealed",
        "case_entries.voice_sealed",
        "case_entries.idem_key",
        "outbox_messages.conversation_id",
    } <= places


async def test_nothing_is_left_but_counts(storage: Storage) -> None:
    await storage.write(build)
    held = await storage.read(what_is_held, conversation_id=CHAT_ID)
    assert held == Held(
        {"cases_open": 2, "cases_closed": 0, "appointments_live": 1, "appointments_past": 1, "people": 1}
        | {"other_chats": 1, "announcement_wishes": 1, "standing_requests": 1}
    )
    await storage.write(erase, actor=Actor.chat(CHAT_ID), now=NOW)
    assert await storage.write(traces) == []
    assert await storage.write(lambda session: [count(session, model) for model in (Appointment, Case)]) == [2, 2]
    assert await storage.read(verify) == []


def contents(session: WriteSession, name: str) -> list[object]:
    """What stands in a column, given as `table.column`."""
    table, _, column = name.partition(".")
    return list(session.scalars(select(metadata().tables[table].c[column])))


def bring_over(session: WriteSession, chat: Conversation) -> Conversation:
    """The other phone to which things of the chat went over, and its word and a code from the counter meanwhile."""
    other = make_conversation(session)
    choose_word(session, actor=Actor.chat(chat.id), word_hash="w1.0.0123456789abcdef")
    put_papers(session)
    session.add(
        Transfer(
            source_id=chat.id,
            target_id=other.id,
            way=TransferWay.COUNTER,
            state=TransferState.SETTLED,
            at=NOW,
            until=NOW + timedelta(hours=24),
            moved_sealed=b"sealed",
        )
    )
    session.flush()
    return other


def test_each_column_meets_the_fate_its_subject_says(session: WriteSession) -> None:
    """All chats are of one person who erases each, so nothing of anybody else stands in any table."""
    bring_over(session, build(session))
    fates = {name: fate for each in privacy() for name, fate in each.columns.items() if isinstance(fate, Fate)}
    empty: tuple[object, ...] = (None, "", {})
    assert {name for name in fates if all(value in empty for value in contents(session, name))} == set()
    for chat in session.scalars(select(Conversation.id)).all():
        erase(session, actor=Actor.chat(chat), rest=AT_ONCE, now=NOW)
    for name, fate in fates.items():
        left = contents(session, name)
        if fate is Fate.DELETED:
            assert left == [], name
        elif fate is Fate.EMPTIED:
            assert all(value in empty for value in left), name
        else:
            assert all(str(value).startswith("erased:") for value in left), name


def test_what_lay_ahead_is_cancelled_and_its_place_free(session: WriteSession) -> None:
    build(session)
    erase(session, actor=Actor.chat(CHAT_ID), rest=AT_ONCE, now=NOW)
    session.expire_all()
    states = session.scalars(select(Appointment.state).order_by(Appointment.id)).all()
    assert states == [AppointmentState.CANCELLED_BY_PERSON, AppointmentState.SERVED]
    free = {slot.id: (slot.remaining, slot.capacity) for slot in session.scalars(select(Slot))}
    assert sorted(free.values()) == [(1, 2), (2, 2), (2, 2)]
    assert count(session, Claim) == count(session, Person) == 0
    left = session.scalars(select(OutboxMessage.notice)).all()
    assert left == [OtherChatNotice.CUT], "to the other chat of the person"


def test_cases_stay_as_empty_withdrawn_shells(session: WriteSession) -> None:
    build(session)
    erase(session, actor=Actor.chat(CHAT_ID), now=NOW)
    shells = session.execute(select(Case.state, Case.close_reason, Case.category)).all()
    assert {tuple(shell)[:2] for shell in shells} == {(CaseState.CLOSED, CloseReason.WITHDRAWN)}
    assert {shell.category for shell in shells} == {"OVERCHARGE", "QUESTION"}
    texts = session.execute(select(CaseEntry.text_sealed, CaseEntry.voice_sealed)).all()
    assert texts
    assert all(row == (None, None) for row in texts)


def test_a_person_another_chat_knows_stays_known_there(session: WriteSession) -> None:
    build(session)
    other = make_conversation(session)
    person = session.scalars(select(Person).where(Person.identity_hash == HASH)).one()
    session.add(
        KnownPerson(
            id=5,
            conversation_id=other.id,
            person_id=person.id,
            **stored_names(KEYS, id=5, name="پدر", nickname="پدر"),
            document_kind=DocumentKind.PASSPORT,
            created_at=NOW,
            used_at=NOW,
        )
    )
    session.flush()
    erase(session, actor=Actor.chat(CHAT_ID), now=NOW)
    assert what_is_held(session, conversation_id=other.id) == Held(
        {"cases_open": 0, "cases_closed": 0, "appointments_live": 0, "appointments_past": 0, "people": 1}
        | {"other_chats": 0, "announcement_wishes": 0, "standing_requests": 0}
    )
    assert count(session, Person) == 1


def test_an_appointment_at_the_counter_is_only_made_nameless(session: WriteSession) -> None:
    chat = make_conversation(session)
    appointment = make_appointment(session, conversation=chat, state=AppointmentState.ARRIVED)
    erase(session, actor=Actor.chat(chat.id), now=NOW)
    session.refresh(appointment)
    left = (appointment.name_sealed, appointment.person_id, appointment.conversation_id)
    assert (appointment.state, *left) == (AppointmentState.ARRIVED, None, None, None)


def test_erasing_twice_and_erasing_nothing_is_harmless(session: WriteSession) -> None:
    build(session)
    erase(session, actor=Actor.chat(CHAT_ID), now=NOW)
    erase(session, actor=Actor.chat(CHAT_ID), now=NOW)
    assert not what_is_held(session, conversation_id=CHAT_ID)


def test_the_next_chat_with_the_same_number_meets_nothing_of_the_old(session: WriteSession) -> None:
    """SQLite gives ids out again: the keys of the erased chat must not be there to be met."""
    build(session)
    erase(session, actor=Actor.chat(CHAT_ID), now=NOW)
    tables: list[tuple[Table, str]] = [
        (metadata().tables[name], "idem_key") for name in ("appointments", "cases", "case_entries", "events")
    ]
    for table, column in tables:
        keys = session.scalars(select(table.c[column])).all()
        assert all(key is None or key.startswith("erased:") for key in keys), table.name


def test_persons_nobody_names_are_swept(session: WriteSession) -> None:
    chat = make_conversation(session)
    forgotten = make_person(session, conversation=chat)
    with_appointment = make_person(session, conversation=chat)
    make_appointment(session, person=with_appointment, conversation=chat)
    known = {row.person_id: row.id for row in session.scalars(select(KnownPerson))}
    for person in (forgotten, with_appointment):
        people.forget(session, actor=Actor.chat(chat.id), known_id=known[person.id], now=NOW)
    assert forget_people(session, now=NOW) == 1
    assert session.scalars(select(Person.id)).all() == [with_appointment.id]
    assert forget_people(session, now=NOW) == 0
