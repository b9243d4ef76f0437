"""Making a change together with what becomes of the appointments it affects: all or nothing, large ones in batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import bindparam, exists, insert, or_, select, update

from desk.acting import Actor, Permission
from desk.appointments import proposing
from desk.appointments.models import Appointment
from desk.appointments.refusals import NotCancellable
from desk.capacity.models import Queue
from desk.consequences.carrying import carry, ready_again
from desk.consequences.hit import HitAppointment, Reach, ahead, before, newly, sign_of, stranded
from desk.consequences.models import Change
from desk.consequences.recording import changed, record
from desk.consequences.refusals import PeopleAreHit
from desk.consequences.rules import AT_ONCE, ChangeKind, Progress, Remedy, Way, remedies
from desk.conversations.actions import require_chat
from desk.events import actions as events
from desk.offices.reach import node_of
from desk.organisation import NATION, Node, province
from desk.refusals import whole
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import table_of

T = TypeVar("T")

changes, _queues = table_of(Change), table_of(Queue)
_appointments = table_of(Appointment)

_ITS_OWN = select(_appointments.c.id).where(
    _appointments.c.id == bindparam("appointment"), _appointments.c.conversation_id == bindparam("chat")
)
_AGREE = (
    update(changed)
    .where(
        changed.c.appointment_id.in_(_ITS_OWN),
        changed.c.step.in_([Progress.KEPT, Progress.MOVED, Progress.TOLD]),
        changed.c.agreed_at.is_(None),
    )
    .values(agreed_at=bindparam("now", type_=changed.c.agreed_at.type))
)

LONGEST_REASON = 200

ASKS = {
    ChangeKind.HOLIDAY: Permission.CAPACITY_WRITE,
    ChangeKind.DAY: Permission.CAPACITY_WRITE,
    ChangeKind.RULE: Permission.CAPACITY_WRITE,
    ChangeKind.QUEUE: Permission.CAPACITY_WRITE,
    ChangeKind.OFFICE: Permission.OFFICES_WRITE,
    ChangeKind.ADDRESS: Permission.OFFICES_WRITE,
    ChangeKind.STATUS: Permission.OFFICES_WRITE,
    ChangeKind.SERVICE: Permission.CATALOGUE_WRITE,
    ChangeKind.FOUND: Permission.CAPACITY_WRITE,
}
"""The permission that a change of each kind needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntendedChange(Generic[T]):
    """A change that may affect appointments; `act` makes it and brings the slots into line."""

    kind: ChangeKind
    subject: str
    """The subject in the history: `queue:5`."""
    reach: Reach
    act: Callable[[WriteSession], T]
    detail: Mapping[str, Any] = field(default_factory=dict)
    """JSON values for the title of the change's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDecision:
    """The decision of staff about the people whom the page showed."""

    key: str
    """The key of the page; a second press with it changes nothing again."""
    expected: str
    """The fingerprint of the appointments that the page showed."""
    remedy: Remedy
    reason: str
    others: Mapping[int, Remedy] = field(default_factory=dict)
    """By appointment id, for those with a different remedy."""


@dataclass(frozen=True, slots=True)
class Carried(Generic[T]):
    """A change that was made; `change_id` None = no appointment was affected. `result` None = an earlier press made
    it."""

    result: T | None
    change_id: int | None


def carry_out(
    session: WriteSession, *, intended: IntendedChange[T], answer: StaffDecision | None, actor: Actor, now: datetime
) -> Carried[T]:
    """Make the change; where appointments are affected, only with an `answer` about exactly these.

    The first batch of appointments is handled in this transaction, the others by `carry_on`. Raises OutOfReach,
    whatever `act` raises, and PeopleAreHit, after which the transaction must be rolled back.
    """
    require_changes(session, intended, actor=actor)
    if answer is not None:
        hold(session, subject=f"change:{answer.key}")
        done = session.scalar(select(changes.c.id).where(changes.c.idem_key == answer.key))
        if done is not None:
            return Carried(None, done)
    if intended.kind is ChangeKind.ADDRESS:
        result = intended.act(session)
        session.flush()
        hit = tuple(ahead(session, reach=intended.reach, now=now).values())
    else:
        was = before(session, reach=intended.reach, now=now)
        result = intended.act(session)
        session.flush()
        hit = newly(session, was=was, reach=intended.reach, now=now)
    if not hit:
        return Carried(result, None)
    if answer is None or answer.expected != sign_of(hit):
        raise PeopleAreHit(hit=hit, is_other=answer is not None)
    change_id = _write(session, intended=intended, answer=answer, hit=hit, actor=actor, now=now)
    carry_on(session, change_id=change_id, now=now)
    return Carried(result, change_id)


def require_changes(session: WriteSession, intended: IntendedChange[Any], *, actor: Actor) -> None:
    """Raise OutOfReach unless the actor may make such a change wherever it reaches."""
    for place in _places_of(session, intended.reach):
        actor.require(ASKS[intended.kind], at=place)


def carry_on(session: WriteSession, *, change_id: int | None = None, limit: int = AT_ONCE, now: datetime) -> int:
    """Handle the next appointments for which a remedy is chosen; returns their number. Two workers take different
    ones. A change that may still be taken back waits, but for those who have to be there soon."""
    held = select(changes.c.id).where(changes.c.carry_from > now).scalar_subquery()
    is_soon = exists().where(changes.c.id == changed.c.change_id, changes.c.soon_until > changed.c.starts_at)
    waiting = (
        select(changed.c.id)
        .where(changed.c.step == Progress.WAITING, or_(changed.c.change_id.not_in(held), is_soon))
        .order_by(changed.c.id)
        .limit(limit)
    )
    if change_id is not None:
        waiting = waiting.where(changed.c.change_id == change_id)
    ids = list(session.scalars(waiting.with_for_update(skip_locked=True)))
    for id in ids:
        carry(session, id=id, now=now)
    ready_again(session, ids=ids, now=now)
    return len(ids)


def decide(
    session: WriteSession, *, change_id: int, office_id: int, remedy: Remedy, reason: str, actor: Actor, now: datetime
) -> int:
    """Choose a remedy for appointments of an office that lost their time undecided; returns their number."""
    kind = session.scalar(select(changes.c.kind).where(changes.c.id == change_id))
    if kind is None or remedy not in remedies(kind):
        raise LookupError(f"no {remedy} for change {change_id}")
    actor.require(Permission.CAPACITY_WRITE, at=node_of(session, office_id))
    session.execute(update(changes).where(changes.c.id == change_id).values(reason=whole(reason, most=LONGEST_REASON)))
    decided = session.connection().execute(
        update(changed)
        .where(changed.c.change_id == change_id, changed.c.office_id == office_id, changed.c.step == Progress.OPEN)
        .values(remedy=remedy, step=Progress.WAITING)
    )
    if decided.rowcount:
        detail = {"office": office_id, "remedy": remedy.value, "turns": decided.rowcount}
        events.note(
            session,
            actor=actor,
            kind="change.decide",
            subject=f"change:{change_id}",
            office_id=office_id,
            data=detail,
            now=now,
        )
        carry_on(session, change_id=change_id, now=now)
    return decided.rowcount


def find_stranded(session: WriteSession, *, queue_id: int, day: date | None = None, now: datetime) -> int:
    """Record the future appointments of a queue that have no time and that no change has recorded; returns their
    number. `day` None = on any day.

    They come from changes without the confirming page, such as holidays of a seed, and appear on the office's list.
    """
    found = stranded(session, reach=Reach(queue_id=queue_id, day=day), now=now).values()
    lost = [appointment for appointment in found if not _is_known(session, appointment)]
    if not lost:
        return 0
    office_id = lost[0].office_id
    values = {
        "idem_key": f"found:{sign_of(lost)}",
        "kind": ChangeKind.FOUND,
        "subject": f"queue:{queue_id}",
        "detail": {"office": office_id},
        "at": now,
    }
    change_id: int = session.scalars(insert(changes).values(reason="", **values).returning(changes.c.id)).one()
    record(session, change_id, lost, remedy=None, others={})
    return len(lost)


def agree(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> bool:
    """The person accepts the new time, or that the old one is kept; False = no change affected this appointment of
    the chat."""
    asked = {"appointment": appointment_id, "chat": require_chat(actor), "now": now}
    return session.connection().execute(_AGREE, asked).rowcount > 0


def mark_told(session: WriteSession, *, id: int, way: Way | None, actor: Actor, now: datetime) -> None:
    """Record that staff told the person; `way` None takes a mistaken press back. Raises LookupError.

    A proposed time that somebody was told of in person needs no other answer: it is theirs from then on.
    """
    asked = select(changed.c.office_id, changed.c.appointment_id).where(changed.c.id == id)
    found = session.execute(asked).one_or_none()
    if found is None:
        raise LookupError(f"no appointment {id} that was changed")
    office_id: int = found.office_id
    actor.require(Permission.APPOINTMENTS_RECORD, at=node_of(session, office_id))
    done = session.connection().execute(
        update(changed)
        .where(changed.c.id == id)
        .values(told_way=way, told_by=actor.staff_id if way else None, told_at=now if way else None)
    )
    if done.rowcount != 1:
        raise LookupError(f"no appointment {id} that was changed")
    if way is not None:
        try:
            with session.begin_nested():
                proposing.accept(session, appointment_id=found.appointment_id, actor=actor, now=now)
        except NotCancellable:
            pass  # the time to answer was over a moment ago
    detail = {"way": way.value if way else None}
    subject = f"changed_turn:{id}"
    events.note(session, actor=actor, kind="change.told", subject=subject, office_id=office_id, data=detail, now=now)


def _places_of(session: WriteSession, reach: Reach) -> list[Node]:
    """The nodes at which a change with this reach is made."""
    if reach.queue_id is not None:
        found = session.scalars(select(_queues.c.office_id).where(_queues.c.id.in_(reach.queues)).distinct()).all()
        return [node_of(session, office_id) for office_id in found or [0]]
    if reach.office_id is not None:
        return [node_of(session, reach.office_id)]
    return [NATION if reach.province_code is None else province(reach.province_code)]


def _is_known(session: WriteSession, appointment: HitAppointment) -> bool:
    return (
        session.scalar(
            select(changed.c.id)
            .where(changed.c.appointment_id == appointment.id, changed.c.slot_id == appointment.slot_id)
            .limit(1)
        )
        is not None
    )


def _write(
    session: WriteSession,
    *,
    intended: IntendedChange[Any],
    answer: StaffDecision,
    hit: Sequence[HitAppointment],
    actor: Actor,
    now: datetime,
) -> int:
    change_id: int = session.scalars(
        insert(changes)
        .values(
            idem_key=answer.key,
            kind=intended.kind,
            subject=intended.subject,
            detail=dict(intended.detail),
            reason=whole(answer.reason, most=LONGEST_REASON),
            staff_id=actor.staff_id,
            at=now,
        )
        .returning(changes.c.id)
    ).one()
    record(session, change_id, hit, remedy=answer.remedy, others=answer.others)
    detail = {"of": intended.subject, "turns": len(hit), "remedy": answer.remedy.value}
    events.note(session, actor=actor, kind="change.people", subject=f"change:{change_id}", data=detail, now=now)
    return change_id
