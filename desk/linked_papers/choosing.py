"""Of two appointments of one person it is asked which stays; the other is given back, which counts for no limit.

A chat decides about its own appointments alone. Who named a number first need not hold its paper, so an answer takes
nothing from another chat: there the original decides on its day, as with one number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, exists, insert, literal_column, or_, select, update
from sqlalchemy.orm import Session

from desk.acting import SYSTEM, Actor
from desk.appointments.booking import appointments
from desk.appointments.ending import cancel_by_office, give_up
from desk.appointments.rules import AppointmentState
from desk.conversations.actions import lock_chat, require_chat
from desk.linked_papers.models import AppointmentChoice
from desk.linked_papers.refusals import ChoiceOver, NotYourChoice
from desk.linked_papers.rules import ChoiceState, answer_until
from desk.linked_papers.standing_questions import Ended, say_both_stay
from desk.linked_papers.telling import ask, tell_earlier_stays, unsay
from desk.linked_papers.tying import TwoOfOne, tie
from desk.people.models import Person
from desk.periods import USUAL_REST, Rest
from desk.storage.base import WriteSession
from desk.storage.types import UtcDateTime
from desk.storage.upsert import table_of

_choices, _persons = table_of(AppointmentChoice), table_of(Person)
_earlier, _later = appointments.alias("earlier"), appointments.alias("later")
_OPEN = _choices.c.state == ChoiceState.OPEN
_NEW = insert(_choices).returning(_choices.c.id)
_ASKED = select(
    exists().where(
        _choices.c.earlier_id.in_(bindparam("both", expanding=True)),
        _choices.c.later_id.in_(bindparam("both", expanding=True)),
        _choices.c.state != ChoiceState.OVER,
    )
)
_ONE = (
    select(
        *_choices.c["id", "link_id", "earlier_id", "later_id", "state", "until"],
        _earlier.c.conversation_id.label("chat_of_earlier"),
        _later.c.conversation_id.label("chat_of_later"),
        _earlier.c.state.label("state_of_earlier"),
        _later.c.state.label("state_of_later"),
        _earlier.c.is_live.label("is_earlier_live"),
        _later.c.is_live.label("is_later_live"),
    )
    .join_from(_choices, _earlier, _earlier.c.id == _choices.c.earlier_id)
    .join(_later, _later.c.id == _choices.c.later_id)
    .where(_choices.c.id == bindparam("choice"))
)
_END = (
    update(_choices)
    .where(_choices.c.id == bindparam("choice"), _OPEN)
    .values(state=bindparam("became", type_=_choices.c.state.type), over_at=bindparam("now", type_=UtcDateTime()))
)
_OVER = update(_choices).where(_OPEN).values(state=ChoiceState.OVER, over_at=bindparam("now", type_=UtcDateTime()))
_OVER_OF = _OVER.where(
    or_(_choices.c.earlier_id == bindparam("one"), _choices.c.later_id == bindparam("one"))
).returning(_choices.c.link_id)
_OF_PEOPLE = select(appointments.c.id).where(appointments.c.person_id.in_(bindparam("persons", expanding=True)))
_OVER_OF_PEOPLE = _OVER.where(
    or_(_choices.c.earlier_id.in_(_OF_PEOPLE), _choices.c.later_id.in_(_OF_PEOPLE))
).returning(*_choices.c["id", "earlier_id", "later_id"])
_DUE = (
    select(_choices.c.id)
    .join_from(_choices, _earlier, _earlier.c.id == _choices.c.earlier_id)
    .join(_later, _later.c.id == _choices.c.later_id)
    .where(
        _OPEN,
        or_(
            _choices.c.until <= bindparam("now", type_=UtcDateTime()),
            ~_earlier.c.is_live,
            ~_later.c.is_live,
        ),
    )
    .order_by(_choices.c.id)
    .limit(bindparam("most"))
)


_UNTIED = (
    select(_persons.c.link_id)
    .join_from(appointments, _persons, _persons.c.id == appointments.c.person_id)
    .where(
        _persons.c.link_id.is_not(None),
        literal_column("appointments.is_live"),
        appointments.c.link_id.is_(None),
        ~exists().where(
            _OPEN, or_(_choices.c.earlier_id == appointments.c.id, _choices.c.later_id == appointments.c.id)
        ),
    )
    .distinct()
    .limit(bindparam("most"))
)


class ChoiceToMake(NamedTuple):
    """A question as it was read before it is answered."""

    id: int
    link_id: int
    earlier_id: int
    later_id: int
    state: ChoiceState
    until: datetime | None
    chat_of_earlier: int | None
    chat_of_later: int | None
    state_of_earlier: AppointmentState
    state_of_later: AppointmentState
    is_earlier_live: bool
    is_later_live: bool

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered: both are to come or under way."""
        return self.state is ChoiceState.OPEN and self.is_earlier_live and self.is_later_live

    @property
    def is_of_one_chat(self) -> bool:
        """Whether one chat has both; a transfer may have parted or joined them since they were asked about."""
        return self.chat_of_earlier is not None and self.chat_of_earlier == self.chat_of_later


def choice(session: Session, *, choice_id: int) -> ChoiceToMake | None:
    """The question of this id; None where there is none."""
    found = session.execute(_ONE, {"choice": choice_id}).one_or_none()
    return None if found is None else ChoiceToMake._make(found)


def ask_about_all(session: WriteSession, *, link_id: int, now: datetime) -> list[TwoOfOne]:
    """Bring the appointments of a link under it, and ask about the pairs that nobody was asked about yet."""
    new = []
    for pair in tie(session, link_id=link_id):
        if not session.scalar(_ASKED, {"both": [pair.earlier.id, pair.later.id]}):
            new.append(pair)
            earlier = pair.earlier
            until = answer_until(earlier.starts_at, zone=earlier.zone, now=now) if pair.is_of_one_chat else None
            asked = {"link_id": link_id, "earlier_id": earlier.id, "later_id": pair.later.id, "made_at": now}
            given = {**asked, "until": until, "state": ChoiceState.OPEN}
            made: int = session.connection().execute(_NEW, given).scalar_one()
            ask(session, pair, choice_id=made, now=now)
    return new


def keep(
    session: WriteSession, *, choice_id: int, appointment_id: int, actor: Actor, rest: Rest = USUAL_REST, now: datetime
) -> int:
    """This one of the two stays, and the other is given back for its chat, which is the actor's; returns its id.

    Raises NotYourChoice where the other is not this chat's, ChoiceOver where one of them ended or has arrived.
    """
    chat = require_chat(actor)
    lock_chat(session, conversation_id=chat)
    found = choice(session, choice_id=choice_id)
    if found is None or appointment_id not in (found.earlier_id, found.later_id):
        raise NotYourChoice(choice_id=choice_id)
    stays_earlier = appointment_id == found.earlier_id
    other = found.later_id if stays_earlier else found.earlier_id
    if (found.chat_of_later if stays_earlier else found.chat_of_earlier) != chat:
        raise NotYourChoice(choice_id=choice_id)
    state = found.state_of_later if stays_earlier else found.state_of_earlier
    if not found.is_open or state is not AppointmentState.BOOKED:
        raise ChoiceOver(choice_id=choice_id)
    _end(session, found, became=ChoiceState.CHOSEN, now=now)
    give_up(session, appointment_id=other, actor=actor, rest=rest, now=now)
    ask_about_all(session, link_id=found.link_id, now=now)
    return other


def settle_choices(session: WriteSession, *, now: datetime, limit: int) -> int:
    """End questions of which one appointment ended, and let the earlier stay where no answer came; their number.

    What was booked at the moment at which its paper was linked, or stood apart for want of room, comes under the link.
    """
    due = session.scalars(_DUE, {"now": now, "most": limit}).all()
    for choice_id in due:
        found = choice(session, choice_id=choice_id)
        if found is not None and found.state is ChoiceState.OPEN:
            _settle(session, found, now=now)
    for link_id in session.scalars(_UNTIED, {"most": limit}).all():
        ask_about_all(session, link_id=link_id, now=now)
    return len(due)


def _settle(session: WriteSession, found: ChoiceToMake, *, now: datetime) -> None:
    other = _to_give_back(found)
    if not found.is_open or not found.is_of_one_chat or other is None:
        # They are not both there, not both of one chat, or both under way: nothing is taken from anybody.
        session.connection().execute(_END, {"choice": found.id, "became": ChoiceState.OVER, "now": now})
        ask_about_all(session, link_id=found.link_id, now=now)
        return
    pair = next((each for each in tie(session, link_id=found.link_id) if _is_pair(each, found)), None)
    _end(session, found, became=ChoiceState.LAPSED, now=now)
    # Not as one that the person gives back: its ticket must not say so.
    cancel_by_office(session, appointment_id=other, actor=SYSTEM, reason="", tells=False, now=now)
    ask_about_all(session, link_id=found.link_id, now=now)
    if pair is not None:
        tell_earlier_stays(session, pair, choice_id=found.id, now=now)


def _to_give_back(found: ChoiceToMake) -> int | None:
    """The later one, or the earlier where the person has come to the later; None = they have come to both."""
    if found.state_of_later is AppointmentState.BOOKED:
        return found.later_id
    return found.earlier_id if found.state_of_earlier is AppointmentState.BOOKED else None


def _is_pair(pair: TwoOfOne, found: ChoiceToMake) -> bool:
    return {pair.earlier.id, pair.later.id} == {found.earlier_id, found.later_id}


def _end(session: WriteSession, found: ChoiceToMake, *, became: ChoiceState, now: datetime) -> None:
    """End the question, before one of the two ends: then what reacts to that asks nothing more about it."""
    if session.connection().execute(_END, {"choice": found.id, "became": became, "now": now}).rowcount != 1:
        raise ChoiceOver(choice_id=found.id)
    for each in (found.earlier_id, found.later_id):
        unsay(session, appointment_id=each)


def end_choices(session: WriteSession, *, appointment_id: int, now: datetime) -> Sequence[int]:
    """One of two ended in another way: nothing is asked about it any more. Returns the links of what was open."""
    unsay(session, appointment_id=appointment_id)
    return session.connection().execute(_OVER_OF, {"one": appointment_id, "now": now}).scalars().all()


def end_choices_of(session: WriteSession, person_ids: Sequence[int], *, now: datetime) -> None:
    """The papers of these people are linked no more: nothing is asked about their appointments, and both stay."""
    ended = session.connection().execute(_OVER_OF_PEOPLE, {"persons": list(person_ids), "now": now}).all()
    say_both_stay(session, [Ended._make(row) for row in ended], now=now)
