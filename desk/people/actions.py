"""The actions on the people of a chat: remember, rename, correct the name and forget."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, bindparam, delete, exists, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.conversations.actions import require_chat
from desk.conversations.allowing import allowed
from desk.conversations.limits import Counting, counted, counting
from desk.conversations.rules import SPANS, USUAL, ChatLimits, CounterKind, LimitKind
from desk.events.reacting import react
from desk.parts import ErasedKind, Happened
from desk.people.models import KnownPerson, Person
from desk.people.refusals import NotInYourList, SlipMended, TooManyNewPeople
from desk.people.rows import KnownPersonRow
from desk.people.rules import NAME_LENGTH, NICKNAME_LENGTH, DocumentKind, IdentityDigest
from desk.people.stored import NAME, NICKNAME, stored_last4, stored_names
from desk.storage.base import WriteSession
from desk.storage.encryption import Keys, random_id
from desk.storage.scrubbing import ERASED
from desk.storage.upsert import insert_or_update, table_of
from desk.tombstones import actions as tombstones

FORGOTTEN = "person.forgotten"
"""What higher subjects react to when a chat takes somebody off its list; the subject is the person."""

_known = table_of(KnownPerson)

_KNOWN = select(*_known.c["id", "name_sealed", "nickname_sealed"]).where(
    _known.c.conversation_id == bindparam("conversation"), _known.c.person_id == bindparam("person")
)
# Built once: it runs with each booking for a known person.
_NOTE_USE = (
    update(_known)
    .where(_known.c.id == bindparam("known"), _known.c.conversation_id == bindparam("chat"))
    .values(used_at=bindparam("now"))
)

_DOUBT = (
    update(_known)
    .where(_known.c.conversation_id == bindparam("chat"), _known.c.person_id == bindparam("person"))
    .values(is_in_doubt=True)
)


def remember(
    session: WriteSession,
    *,
    actor: Actor,
    name: str,
    nickname: str | None,
    document_kind: DocumentKind,
    identity: IdentityDigest,
    limits: ChatLimits = USUAL,
    now: datetime,
) -> KnownPersonRow:
    """Make this person known to the chat, or take the newer names and kind of paper of one it knows.

    The same paper is the same person in every chat; the names and the kind of paper that a chat says are known in that
    chat only. Read `name` and `nickname` with `rules.read_name` and `rules.read_nickname`. Without a nickname the
    earlier one stays, else the name is used.

    Raises:
        TooManyNewPeople: the chat has added as many as it may; the caller rolls back its savepoint.
    """
    conversation_id = require_chat(actor)
    name = name[:NAME_LENGTH]
    keys = session.keys
    person_id = person_of(session, identity=identity, now=now)
    is_new = _count_new(session, conversation_id=conversation_id, person_id=person_id, limits=limits, now=now)
    # The chat's row is locked: nobody else writes this list.
    known = None if is_new else session.execute(_KNOWN, {"conversation": conversation_id, "person": person_id}).one()
    if nickname is None:
        nickname = (_chosen_nickname(keys, known) if known else None) or name
    nickname = nickname[:NICKNAME_LENGTH]
    id = known.id if known else random_id()
    known_id = session.execute(
        insert_or_update(
            session,
            KnownPerson,
            unique=("conversation_id", "person_id"),
            updates=("name_sealed", "nickname_sealed", "document_kind", "is_in_doubt", "used_at"),
        ),
        {
            "id": id,
            "conversation_id": conversation_id,
            "person_id": person_id,
            **stored_names(keys, id=id, name=name, nickname=nickname),
            "document_kind": document_kind,
            "is_in_doubt": False,
            "created_at": now,
            "used_at": now,
        },
    ).scalar_one()
    return KnownPersonRow(known_id, person_id, name, nickname, document_kind, False, identity.last4, now)


def person_of(session: WriteSession, *, identity: IdentityDigest, now: datetime) -> int:
    """The id of the person with this number, who is made where nobody named it yet."""
    new_id = random_id()
    found: int = session.execute(
        insert_or_update(session, Person, unique=("identity_hash",), updates=("identity_hash",)),
        {
            "id": new_id,
            "identity_hash": identity.hash,
            "last4_sealed": stored_last4(session.keys, identity.last4, id=new_id),
            "created_at": now,
        },
    ).scalar_one()
    return found


def _count_new(
    session: WriteSession, *, conversation_id: int, person_id: int, limits: ChatLimits, now: datetime
) -> bool:
    """Count somebody whom the chat does not know yet; returns whether that is so.

    The count is locked, so that of two at once the second sees the first.
    """
    of = {"of": conversation_id, "person": person_id, "now": now, "ends_people": now + SPANS[CounterKind.PEOPLE]}
    done = session.connection().execute(_count_unknown(session.get_bind().dialect.name), of).one_or_none()
    if done is not None and done.times > limits.new_people:
        most = allowed(session, conversation_id=conversation_id, kind=LimitKind.NEW_PEOPLE, limits=limits, now=now)
        if done.times > most:
            raise TooManyNewPeople(most=most, until=done.ends_at)
    return done is not None


@lru_cache(maxsize=2)
def _count_unknown(dialect: str) -> Executable:
    is_known = exists().where(_known.c.conversation_id == bindparam("of"), _known.c.person_id == bindparam("person"))
    return counting(dialect, Counting(CounterKind.PEOPLE, unless=is_known))


def require_room(session: Session, *, conversation_id: int, limits: ChatLimits, now: datetime) -> None:
    """Check that the chat may add one more person. Raises TooManyNewPeople."""
    done = counted(session, conversation_id=conversation_id, kind=CounterKind.PEOPLE, now=now)
    if done is None or done.times < limits.new_people:
        return
    most = allowed(session, conversation_id=conversation_id, kind=LimitKind.NEW_PEOPLE, limits=limits, now=now)
    if done.times >= most:
        raise TooManyNewPeople(most=most, until=done.ends_at)


_persons = table_of(Person)
_MEND = (
    update(_persons).where(_persons.c.id == bindparam("person"), ~_persons.c.is_slip_mended).values(is_slip_mended=True)
)
_MOVE = (
    update(_persons)
    .where(_persons.c.identity_hash.in_(bindparam("older", expanding=True)))
    .values(identity_hash=bindparam("present"))
)


def move_to_present_key(session: WriteSession, *, identity: IdentityDigest) -> None:
    """Store the person under the present key who is stored under an older one, so that a number is never two people.

    Of two chats at once the second waits for the first, and then finds nobody under the older key any more.
    """
    session.connection().execute(_MOVE, {"older": list(identity.older), "present": identity.hash})


def _chosen_nickname(keys: Keys, known: Any) -> str | None:
    """The nickname that the chat chose for this person; None where it only ever used the name."""
    name = keys.decrypt(known.name_sealed, column=NAME, row=known.id)
    nickname = keys.decrypt(known.nickname_sealed, column=NICKNAME, row=known.id)
    return nickname if nickname != name[:NICKNAME_LENGTH] else None


def rename(session: WriteSession, *, actor: Actor, known_id: int, nickname: str) -> None:
    """Change the person's nickname in this chat.

    Raises:
        NotInYourList: the person is not this chat's.
    """
    changed = session.execute(
        update(_known)
        .where(_known.c.id == known_id, _known.c.conversation_id == require_chat(actor))
        .values(nickname_sealed=session.keys.encrypt(nickname[:NICKNAME_LENGTH], column=NICKNAME, row=known_id))
        .returning(_known.c.id)
    ).first()
    if changed is None:
        raise NotInYourList(known_id)


def person_in_list(session: Session, *, actor: Actor, known_id: int) -> int:
    """The person of this place in the list of the chat. Raises NotInYourList."""
    theirs = (_known.c.id == known_id, _known.c.conversation_id == require_chat(actor))
    person_id: int | None = session.scalar(select(_known.c.person_id).where(*theirs))
    if person_id is None:
        raise NotInYourList(known_id)
    return person_id


def correct_name(session: WriteSession, *, actor: Actor, person_id: int, name: str) -> bool:
    """Change the name that this chat says of the person; a nickname that it chose stays. False = not in its list.

    It is the same row and so the same person, whatever else is about them.
    """
    return put_name(session, conversation_id=require_chat(actor), person_id=person_id, name=name)


def put_name(session: WriteSession, *, conversation_id: int, person_id: int, name: str) -> bool:
    """Likewise for a chat that does not act itself: the caller has asked who may."""
    known = session.execute(_KNOWN, {"conversation": conversation_id, "person": person_id}).one_or_none()
    if known is None:
        return False
    nickname = _chosen_nickname(session.keys, known) or name
    names = stored_names(session.keys, id=known.id, name=name[:NAME_LENGTH], nickname=nickname[:NICKNAME_LENGTH])
    session.connection().execute(update(_known).where(_known.c.id == known.id).values(**names))
    return True


def is_slip_mended(session: Session, *, person_id: int) -> bool:
    """Whether the one slip of somebody without a number was corrected."""
    return bool(session.scalar(select(_persons.c.is_slip_mended).where(_persons.c.id == person_id)))


def mend_slip(session: WriteSession, *, person_id: int) -> None:
    """Use up the one slip of somebody without a number; of two at once only one does. Raises SlipMended."""
    mended = session.connection().execute(_MEND, {"person": person_id})
    if mended.rowcount != 1:
        raise SlipMended


def note_use(session: WriteSession, *, actor: Actor, known_id: int, now: datetime) -> None:
    """An appointment was booked for this person, who therefore comes first on the chat's buttons."""
    session.connection().execute(_NOTE_USE, {"known": known_id, "chat": require_chat(actor), "now": now})


def doubt(session: WriteSession, *, conversation_id: int, person_id: int) -> None:
    """Ask the chat for this person's number before it books again: an appointment with it has just fallen."""
    session.connection().execute(_DOUBT, {"chat": conversation_id, "person": person_id})


def forget(session: WriteSession, *, actor: Actor, known_id: int, instead: int | None = None, now: datetime) -> None:
    """Take the person off this chat's list; appointments already booked stay, and the chat waits for them no more.

    `instead` = the person whose number was meant: the chat waits for them, from now on.
    What is left of a person nobody knows and no appointment names is swept by `desk.people.jobs`.

    Raises:
        NotInYourList: the person is not this chat's.
    """
    gone = session.execute(
        delete(_known)
        .where(_known.c.id == known_id, _known.c.conversation_id == require_chat(actor))
        .returning(_known.c.person_id)
    ).first()
    if gone is None:
        raise NotInYourList(known_id)
    tombstones.note(session, kind=ErasedKind.LISTED, ids=[known_id])
    session.announce(ERASED)
    # Not in the history, which names no person.
    react(
        session,
        Happened(kind=FORGOTTEN, subject=f"person:{gone.person_id}", actor=actor, new={"instead": instead}, now=now),
    )


def forget_all(session: WriteSession, *, actor: Actor) -> list[int]:
    """Take everybody off this chat's list; the ids of those persons."""
    theirs = _known.c.conversation_id == require_chat(actor)
    gone = session.execute(delete(_known).where(theirs).returning(_known.c.id, _known.c.person_id)).all()
    tombstones.note(session, kind=ErasedKind.LISTED, ids=[row.id for row in gone])
    return [row.person_id for row in gone]
