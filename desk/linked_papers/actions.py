"""A clerk who has both originals in hand links two papers of one person, or takes that back.

Both numbers are compared by their hashes, and neither is kept beyond the hash of its person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, func, select

from desk.acting import Actor, Permission
from desk.events import actions as events
from desk.events.models import Event
from desk.linked_papers.choosing import ask_about_all, end_choices_of
from desk.linked_papers.history import LinkEvent, subject_of
from desk.linked_papers.refusals import AskedAlready, LinkedAlready, SamePaper, TooManyLinked
from desk.linked_papers.rules import UNDOES, ChoiceState, LinkReason
from desk.linked_papers.tying import choices, untie
from desk.linked_papers.waiting_once import untie_requests, wait_once
from desk.offices.reach import node_of
from desk.people import links
from desk.people.actions import move_to_present_key, person_of
from desk.people.models import Person
from desk.people.rules import IdentityDigest
from desk.staff import number_search
from desk.staff.models import StaffMember
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

MOST_AN_HOUR = 12
"""Links that one account makes or takes back within an hour: with two originals in hand each takes some minutes."""
HOUR = timedelta(hours=1)

_persons, _members, _event = table_of(Person), table_of(StaffMember), table_of(Event)
_LOCK = select(_members.c.id).where(_members.c.id == bindparam("member")).with_for_update()
_RECENT = select(func.count(), func.min(_event.c.at)).where(
    _event.c.at > bindparam("since", type_=_event.c.at.type),
    _event.c.kind.in_([each.value for each in LinkEvent]),
    _event.c.actor_id == bindparam("member"),
)
_WHO = select(_persons.c.id).where(_persons.c.identity_hash.in_(bindparam("hashes", expanding=True)))
_IS_ASKED = select(exists().where(choices.c.link_id == bindparam("link"), choices.c.state == ChoiceState.OPEN))


@dataclass(frozen=True, slots=True)
class Linked:
    """What came of linking: how many questions chats were asked, and whether one is of two chats or of none."""

    asked: int = 0
    apart: int = 0
    """Of these, pairs that no one chat has: the person gives one back where it was taken."""


def link(
    session: WriteSession,
    *,
    office_id: int,
    one: IdentityDigest,
    other: IdentityDigest,
    reason: LinkReason,
    actor: Actor,
    now: datetime,
) -> Linked:
    """Link the papers with these numbers: they are one person for all that is booked and waited for from now on.

    Of two live appointments for one service the person is asked which stays; of two standing requests of one chat the
    one that waits longer stays. Papers that were linked before stay so.
    Raises OutOfReach, SamePaper, LinkedAlready, AskedAlready, TooManyLinked, TooManyNumbers.
    """
    _require(session, office_id=office_id, one=one, other=other, actor=actor, now=now)
    if reason in UNDOES:
        raise ValueError(f"{reason} links nothing")
    named = []
    for identity in (one, other):
        move_to_present_key(session, identity=identity)
        named.append(person_of(session, identity=identity, now=now))
    held = links.lock(session, named)
    present = [each for each in held.values() if each is not None]
    if len(present) == len(named) and len(set(present)) == 1:
        raise LinkedAlready
    for each in present:
        if session.scalar(_IS_ASKED, {"link": each}):
            raise AskedAlready
    link_id = min(present) if present else links.new_link(session, now=now)
    for each in present:
        if each != link_id:
            of_link = links.members(session, link_id=each)
            untie(session, of_link)
            untie_requests(session, of_link)
            named += of_link
    links.put(session, named, link_id=link_id)
    pairs = ask_about_all(session, link_id=link_id, now=now)
    wait_once(session, link_id=link_id, actor=actor, now=now)
    _note(session, LinkEvent.LINKED, link_id, office_id=office_id, reason=reason, actor=actor, now=now)
    return Linked(asked=len(pairs), apart=sum(not each.is_of_one_chat for each in pairs))


def unlink(
    session: WriteSession,
    *,
    office_id: int,
    one: IdentityDigest,
    other: IdentityDigest,
    reason: LinkReason,
    actor: Actor,
    now: datetime,
) -> bool:
    """Take back that the papers with these numbers are of one person; the second goes, where more are linked.

    False = they are not linked, which counts as a number looked for in vain: so nobody tries which belong together.
    What was given back meanwhile stays given back.
    Raises OutOfReach, SamePaper, TooManyLinked, TooManyNumbers.
    """
    _require(session, office_id=office_id, one=one, other=other, actor=actor, now=now)
    if reason not in UNDOES:
        raise ValueError(f"{reason} takes nothing back")
    named = [session.scalar(_WHO, {"hashes": list(identity.hashes)}) for identity in (one, other)]
    held = links.lock(session, [each for each in named if each is not None])
    link_id = held.get(named[0]) if named[0] is not None else None
    if link_id is None or len(held) < len(named) or set(held.values()) != {link_id}:
        if actor.staff_id is not None:
            number_search.count_miss(session, actor=actor, now=now)
        return False
    of_link = links.members(session, link_id=link_id)
    leaving = of_link if len(of_link) == len(named) else [each for each in of_link if each == named[1]]
    end_choices_of(session, leaving, now=now)
    links.put(session, leaving, link_id=None)
    untie(session, leaving)
    untie_requests(session, leaving)
    # What stayed apart beside theirs has room under the link now.
    ask_about_all(session, link_id=link_id, now=now)
    wait_once(session, link_id=link_id, actor=actor, now=now)
    _note(session, LinkEvent.UNLINKED, link_id, office_id=office_id, reason=reason, actor=actor, now=now)
    return True


def _require(
    session: WriteSession,
    *,
    office_id: int,
    one: IdentityDigest,
    other: IdentityDigest,
    actor: Actor,
    now: datetime,
) -> None:
    actor.require(Permission.APPOINTMENTS_BOOK, at=node_of(session, office_id))
    if actor.staff_id is not None:
        session.connection().execute(_LOCK, {"member": actor.staff_id})
        times, first = session.connection().execute(_RECENT, {"since": now - HOUR, "member": actor.staff_id}).one()
        if times >= MOST_AN_HOUR:
            raise TooManyLinked(most=MOST_AN_HOUR, until=first + HOUR)
        number_search.require_tries_left(session, actor=actor, now=now)
    if one.hash == other.hash:
        raise SamePaper


def _note(
    session: WriteSession,
    kind: LinkEvent,
    link_id: int,
    *,
    office_id: int,
    reason: LinkReason,
    actor: Actor,
    now: datetime,
) -> None:
    events.note(
        session,
        kind=kind,
        subject=subject_of(link_id),
        actor=actor,
        office_id=office_id,
        data={"reason": reason},
        is_told=False,
        now=now,
    )
