"""What a chat may do with its appointments: list, book, move, cancel and correct the name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from desk.appointments import (
    actions,
    assistance,
    confirming,
    contested,
    giving_back,
    naming,
    queries,
    room,
    rules,
    tickets,
)
from desk.appointments import validity as validities
from desk.appointments.actions import Booked, Member, Moved
from desk.appointments.rows import AppointmentRow, LastAppointment, StandingMessage, Validity
from desk.codes import CodeKind, TrackingCode
from desk.conversations import actions as conversations
from desk.conversations import allowing, limits
from desk.conversations.chat import Chat
from desk.conversations.queries import codes_rest_until
from desk.conversations.rules import SPANS, CounterKind, LimitKind
from desk.offices.rules import Assistance
from desk.people import actions as people
from desk.people import links
from desk.people.refusals import NotASlip, SlipMended, TooManyNames
from desk.people.rows import KnownPersonRow


def mine(chat: Chat, *, live_only: bool = True) -> list[AppointmentRow]:
    """The appointments booked in this chat, in the order of their times."""
    return queries.of_conversation(
        chat.session, conversation_id=chat.conversation.id, now=chat.now, live_only=live_only
    )


def of_person(chat: Chat, *, person_id: int | None, service_id: int) -> AppointmentRow | None:
    """The live one of this chat that the person already has for the service, on any of their papers."""
    if person_id is None:
        return None
    for_it = [each for each in mine(chat) if each.service.id == service_id]
    found = next((each for each in for_it if each.person_id == person_id), None)
    if found is None and for_it:
        papers = links.with_linked(chat.session, [person_id])
        found = next((each for each in for_it if each.person_id in papers), None)
    return found


def own(chat: Chat, appointment_id: int) -> AppointmentRow | None:
    """An appointment of this chat; None for anybody else's."""
    found = queries.appointment_by_id(chat.session, appointment_id=appointment_id)
    return found if found is not None and found.conversation_id == chat.conversation.id else None


def check(chat: Chat, code: TrackingCode) -> Validity | None:
    """Whether the appointment of a code that was typed counts; a code that none has is counted for the chat.

    None = no appointment has it, or look-ups are blocked for this chat (`checks_rest_until`).
    """
    if checks_rest_until(chat) is not None:
        return None
    found = checked(chat, code)
    if found is None:
        conversations.note_code_miss(chat.writing, conversation_id=chat.conversation.id, now=chat.now)
    return found


def checked(chat: Chat, code: TrackingCode) -> Validity | None:
    """The same for a code that `check` has found in this chat; never for a code just typed."""
    return validities.validity(chat.session, code=code, now=chat.now)


def checks_rest_until(chat: Chat) -> datetime | None:
    """Until when no codes are looked up, after too many that nothing has; None = they are looked up."""
    return codes_rest_until(chat.session, conversation_id=chat.conversation.id, now=chat.now)


def is_named_twice(chat: Chat, appointment: AppointmentRow) -> bool:
    """Whether another chat named the number of this chat's appointment for the same service."""
    return contested.is_named_twice(chat.session, appointment_id=appointment.id)


def coming_together(chat: Chat, appointment: AppointmentRow) -> list[AppointmentRow]:
    """The appointment with those of its household that are at its office on its day, in the order of the request."""
    return queries.coming_together(chat.session, appointment)


def last(chat: Chat) -> LastAppointment | None:
    """The last booking of this chat, as a suggestion for the next."""
    return queries.last_of_conversation(chat.session, conversation_id=chat.conversation.id)


def last_together(chat: Chat) -> frozenset[int]:
    """The people of the last household of this chat, to suggest for the next."""
    return queries.last_together(chat.session, conversation_id=chat.conversation.id)


def require_room(chat: Chat) -> None:
    """Check that the chat may book one more appointment. Raises `TooManyAppointments`, `TooManyCancelled`."""
    room.require_room(chat.session, conversation_id=chat.conversation.id, limits=chat.limits, now=chat.now)


def books_none_after_this(chat: Chat, given_back: Sequence[AppointmentRow]) -> datetime | None:
    """Until when the chat could book nothing if it gave these back now, in one step; None = it could."""
    if not giving_back.counts(chat.session, given_back):
        return None
    counted = limits.counted(
        chat.session, conversation_id=chat.conversation.id, kind=CounterKind.CANCELLATIONS, now=chat.now
    )
    times, ends_at = counted or (0, chat.now + SPANS[CounterKind.CANCELLATIONS])
    if times + 1 < chat.limits.cancellations:
        return None
    most = allowing.allowed(
        chat.session,
        conversation_id=chat.conversation.id,
        kind=LimitKind.CANCELLATIONS,
        limits=chat.limits,
        now=chat.now,
    )
    return ends_at if times + 1 >= most else None


def book(
    chat: Chat,
    *,
    key: str,
    slot_id: int,
    service_id: int,
    person: KnownPersonRow | Callable[[], KnownPersonRow],
    wished: Collection[Assistance] = (),
) -> Booked:
    """Book for a known person, or for a new `person`, who is then stored; a refusal stores neither.

    `wished` = what they wish for at the counter.

    Raises:
        SlotTaken, QuotaUsedUp, AlreadyHasAppointment, SlotPassed, NotBookable, ServiceNotOffered,
        TooManyAppointments, OneWithoutPaper, TooManyCancelled; for a new person also TooManyNewPeople.
    """
    if isinstance(person, KnownPersonRow):  # a refused booking leaves no rows behind, and a savepoint costs time
        booked = _book(chat, key=key, slot_id=slot_id, service_id=service_id, known=person)
        people.note_use(chat.writing, actor=chat.actor, known_id=person.id, now=chat.now)
    else:
        with chat.writing.begin_nested():
            booked = _book(chat, key=key, slot_id=slot_id, service_id=service_id, known=person())
    if wished:
        _wish(chat, [booked], wished)
    return booked


def book_together(
    chat: Chat,
    *,
    key: str,
    service_id: int,
    slot_ids: Sequence[int],
    people_of_it: Sequence[KnownPersonRow | Callable[[], KnownPersonRow]],
    wished: Collection[Assistance] = (),
) -> list[Booked]:
    """Book for a household; a refusal stores nobody and books nobody.

    `slot_ids` = of which slot each takes a place, in their order; one alone = all come at it. Where the minutes of the
    service count per household, they take one place of it.
    `wished` = what they wish for at the counter, each of them.

    Raises:
        MemberRefused, and what `book` raises.
    """
    with chat.writing.begin_nested():
        known = [each if isinstance(each, KnownPersonRow) else each() for each in people_of_it]
        each_slot = [*slot_ids] * len(known) if len(slot_ids) == 1 else slot_ids
        booked = actions.book_together(
            chat.writing,
            idem_key=key,
            actor=chat.actor,
            service_id=service_id,
            members=[
                Member(slot_id, row.person_id, row.name, row.document_kind)
                for slot_id, row in zip(each_slot, known, strict=True)
            ],
            limits=chat.limits,
            now=chat.now,
        )
        for row in known:
            people.note_use(chat.writing, actor=chat.actor, known_id=row.id, now=chat.now)
        _wish(chat, booked, wished)
        return booked


def _wish(chat: Chat, booked: Sequence[Booked], wished: Collection[Assistance]) -> None:
    assistance.wish(
        chat.writing, appointment_ids=[each.appointment_id for each in booked if not each.is_repeat], kinds=wished
    )


def _book(chat: Chat, *, key: str, slot_id: int, service_id: int, known: KnownPersonRow) -> Booked:
    return actions.book(
        chat.writing,
        idem_key=key,
        actor=chat.actor,
        slot_id=slot_id,
        service_id=service_id,
        person_id=known.person_id,
        person_name=known.name,
        document_kind=known.document_kind,
        code=TrackingCode.make(CodeKind.APPOINTMENT),
        limits=chat.limits,
        now=chat.now,
    )


def cancel(chat: Chat, appointment_id: int) -> None:
    """Cancel the appointment. Raises `NotYours`, `NotCancellable`."""
    actions.cancel(chat.writing, appointment_id=appointment_id, actor=chat.actor, rest=chat.limits.rest, now=chat.now)


def given_back_with(chat: Chat, appointment: AppointmentRow) -> list[AppointmentRow]:
    """What `cancel_together` would give back: the appointment and those ahead that come together with it."""
    return giving_back.given_back_with(chat.session, appointment, now=chat.now)


def sharing_elsewhere(chat: Chat, appointment: AppointmentRow) -> list[AppointmentRow]:
    """Those of its household at another time whose place would serve this one too, soonest first."""
    return queries.sharing_elsewhere(chat.session, appointment, now=chat.now)


def places_given_back(chat: Chat, group: Sequence[AppointmentRow]) -> int:
    """How many places go to others once these are given back."""
    return giving_back.places_of(chat.session, group)


def cancel_together(chat: Chat, appointment_id: int) -> list[AppointmentRow]:
    """Cancel it and all ahead that come together with it; returns them. Raises `NotYours`, `NotCancellable`."""
    return actions.cancel_together(
        chat.writing, appointment_id=appointment_id, actor=chat.actor, rest=chat.limits.rest, now=chat.now
    )


def may_correct_name(chat: Chat, appointment: AppointmentRow) -> bool:
    """Whether its name may still be corrected (`rules.may_correct_name`)."""
    is_ahead = appointment.is_ahead(now=chat.now)
    return is_ahead and rules.may_correct_name(appointment.day, zone=appointment.zone, now=chat.now)


def correct_name(chat: Chat, appointment_id: int, name: str) -> int:
    """Put this name on all that the person of the appointment has ahead; returns on how many.

    Raises `NotYours`, `NotCancellable`, `NameIsFixed`, `TooManyNames`, and without a number `NotASlip`, `SlipMended`.
    """
    return actions.correct_name(
        chat.writing,
        appointment_id=appointment_id,
        actor=chat.actor,
        name=name,
        limits=chat.limits,
        now=chat.now,
    )


def correct_name_of(chat: Chat, known: KnownPersonRow, *, name: str) -> KnownPersonRow:
    """Put this name on somebody in the list of the chat, and on all that they have ahead.

    Raises `NotInYourList`, `TooManyNames`, and without a number `NotASlip`, `SlipMended`.
    """
    actions.correct_name_of(
        chat.writing, known_id=known.id, actor=chat.actor, name=name, limits=chat.limits, now=chat.now
    )
    return replace(known, name=name)


def require_correctable(chat: Chat, *, person_id: int, name: str) -> None:
    """Check that the person may be given this name.

    Raises `TooManyNames`, and without a number `NotASlip`, `SlipMended`.
    """
    chat_id = chat.conversation.id
    ahead = naming.named_ahead(chat.session, conversation_id=chat_id, person_id=person_id, now=chat.now)
    naming.require_few(chat.session, ahead, conversation_id=chat_id, name=name, limits=chat.limits, now=chat.now)
    naming.require_slip(chat.session, ahead, person_id=person_id, name=name)


def why_not_correctable(chat: Chat, *, person_id: int, name: str) -> NotASlip | SlipMended | TooManyNames | None:
    """Why the person may not be given this name; None = they may."""
    try:
        require_correctable(chat, person_id=person_id, name=name)
    except (NotASlip, SlipMended, TooManyNames) as refusal:
        return refusal
    return None


def standing(chat: Chat, appointment: AppointmentRow) -> list[StandingMessage]:
    """The tickets and reminders of this appointment that stand in this chat."""
    return tickets.standing(chat.session, appointment_id=appointment.id, conversation_id=chat.conversation.id)


def send_ticket(chat: Chat, *, key: str, appointment_id: int) -> None:
    """Send the ticket once more. Raises `NotYours`, `NotCancellable`."""
    tickets.send_again(chat.writing, idem_key=key, appointment_id=appointment_id, actor=chat.actor, now=chat.now)


def say_they_come(chat: Chat, appointment: AppointmentRow) -> None:
    """The person says that they come, and all who come together with them."""
    for each in coming_together(chat, appointment):
        confirming.confirm(chat.writing, appointment_id=each.id, actor=chat.actor, now=chat.now)


def move(chat: Chat, *, key: str, appointment_id: int, slot_id: int) -> Moved:
    """Move the appointment to another slot. Raises what `book` raises, and `NotYours`, `NotCancellable`."""
    return actions.move(
        chat.writing,
        idem_key=key,
        appointment_id=appointment_id,
        actor=chat.actor,
        slot_id=slot_id,
        rest=chat.limits.rest,
        now=chat.now,
    )
