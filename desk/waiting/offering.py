"""Writes what was decided about kept places: rounds with their offers and messages, and what goes back to everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Protocol

from sqlalchemy import bindparam, delete, func, insert, update

from desk.capacity.together import FreePlace
from desk.outbox.actions import TOPIC
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState, Lane, Recipient
from desk.places.counting import swap_places
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_many_if_new, table_of
from desk.waiting.models import FreedPlace, OfferPlace
from desk.waiting.offer_rules import TIME_TO_DELIVER, FreedOutcome, NoOffer
from desk.waiting.rounds import about, holder, offers, rounds
from desk.waiting.rules import OfferState, WaitingNotice

_claims, _offered, _freed = table_of(Claim), table_of(OfferPlace), table_of(FreedPlace)
AT_ONCE = 400
"""Rows of one statement."""
_ROUNDS = insert(rounds).returning(rounds.c.id, sort_by_parameter_order=True)
_OFFERS = insert(offers).returning(offers.c.id, sort_by_parameter_order=True)
_TAKE_OVER = (
    update(_claims)
    .where(_claims.c.id == bindparam("claim"))
    .values(
        kind=ClaimKind.OFFER,
        holder=bindparam("of"),
        nth=bindparam("number"),
        counts_for=func.coalesce(bindparam("counted", type_=_claims.c.counts_for.type), _claims.c.counts_for),
    )
)
"""A place that was drawn counts for its quota already."""
_REST = (
    update(_claims)
    .where(_claims.c.id == bindparam("claim"), _claims.c.kind == ClaimKind.KEPT)
    .values(kind=ClaimKind.REST, expires_at=bindparam("until", type_=_claims.c.expires_at.type))
)
_LET_GO = (
    delete(_claims)
    .where(_claims.c.id.in_(bindparam("claims", expanding=True)), _claims.c.kind == ClaimKind.KEPT)
    .returning(_claims.c.slot_id)
)


class Decided(NamedTuple):
    """What was decided about one kept place."""

    claim_id: int
    slot_id: int
    outcome: FreedOutcome
    rests_until: datetime | None = None
    """When it becomes everybody's; None = at once."""


class ToInvite(NamedTuple):
    """A request to which places are offered, and the chat that is told."""

    request_id: int
    chat: Recipient


class AtQueue(Protocol):
    """Where and when the places are."""

    @property
    def queue_id(self) -> int: ...
    @property
    def day(self) -> date: ...


@dataclass(slots=True)
class Invited:
    """Places that are offered, and to whom: near the start to several."""

    places: Sequence[FreePlace]
    service_id: int
    at: AtQueue
    requests: list[ToInvite]
    told_at: datetime
    """When the messages are sent: now, or after the night."""
    counts_for: int | None = None
    """The service of whose quota these places have been taken; None = of none, or they were drawn."""
    draw_id: int | None = None
    answer_minutes: int | None = None
    """The draw that gave the places, and the time to confirm that was announced with it."""

    @property
    def deliver_within(self) -> timedelta:
        """How long the message may be on its way."""
        usual = TIME_TO_DELIVER if self.answer_minutes is None else timedelta(minutes=self.answer_minutes)
        return min(usual, (self.places[0].starts_at - self.told_at) / 2)


@dataclass(slots=True)
class Plan:
    """What is to be written."""

    invited: list[Invited] = field(default_factory=list)
    given_back: list[int] = field(default_factory=list)
    """Claims whose places go to everybody."""
    resting: list[tuple[int, datetime]] = field(default_factory=list)
    """Claims whose places rest before that, and until when."""
    freed: list[tuple[int, FreedOutcome, int | None, Mapping[str, int]]] = field(default_factory=list)
    """Slot, outcome, the number of its round in `invited`, and why the others were not offered it."""

    def offer(self, invited: Sequence[Invited], *, others: Mapping[str, int]) -> Mapping[str, int]:
        """Offer these places of one queue and day; returns why the line was not offered what is left of them.

        `others` counts the whole line, also those who are invited here: of one place they are no others, and of the
        next they have an offer already.
        """
        asked = sum(len(each.requests) for each in invited)
        for each in invited:
            number, own = len(self.invited), len(each.requests)
            self.invited.append(each)
            told = _without_asked(others, asked=asked, elsewhere=asked - own)
            self.freed += [(place.slot_id, FreedOutcome.OFFERED, number, told) for place in each.places]
        return _without_asked(others, asked=asked, elsewhere=asked)

    def give_back(self, decided: Sequence[Decided], *, others: Mapping[str, int] | None = None) -> None:
        """Give these places to everybody."""
        self.given_back += [each.claim_id for each in decided if each.rests_until is None]
        self.resting += [(each.claim_id, each.rests_until) for each in decided if each.rests_until is not None]
        self.freed += [(each.slot_id, each.outcome, None, others or {}) for each in decided]


def _without_asked(others: Mapping[str, int], *, asked: int, elsewhere: int) -> Mapping[str, int]:
    """The others, where of those who fit `asked` were invited, and `elsewhere` of these to another place."""
    counts = dict(others)
    counts[NoOffer.LATER] = counts.get(NoOffer.LATER, 0) - asked
    counts[NoOffer.HAS_OFFER] = counts.get(NoOffer.HAS_OFFER, 0) + elsewhere
    return {str(why): times for why, times in counts.items() if times > 0}


def carry_out(session: WriteSession, plan: Plan, *, now: datetime) -> None:
    """Write all that was decided."""
    connection = session.connection()
    round_ids = _write_rounds(session, plan.invited, now=now)
    _write_offers(session, plan.invited, round_ids, now=now)
    if plan.freed:
        rows = [
            {
                "slot_id": slot_id,
                "at": now,
                "outcome": outcome,
                "round_id": None if number is None else round_ids[number],
                "others": dict(others),
            }
            for slot_id, outcome, number, others in plan.freed
        ]
        connection.execute(insert(_freed), rows)
    if plan.resting:
        connection.execute(_REST, [{"claim": claim, "until": until} for claim, until in plan.resting])
    for first in range(0, len(plan.given_back), AT_ONCE):
        gone = connection.execute(_LET_GO, {"claims": plan.given_back[first : first + AT_ONCE]}).scalars().all()
        swap_places(session, given_back=gone, to_everybody=True)


def _write_rounds(session: WriteSession, invited: Sequence[Invited], *, now: datetime) -> list[int]:
    if not invited:
        return []
    connection = session.connection()
    rows = [
        {
            "service_id": each.service_id,
            "queue_id": each.at.queue_id,
            "starts_at": each.places[0].starts_at,
            "day": each.at.day,
            "is_open": True,
            "taken_by": None,
            "draw_id": each.draw_id,
            "answer_minutes": each.answer_minutes,
            "made_at": now,
        }
        for each in invited
    ]
    ids = list(connection.execute(_ROUNDS, rows).scalars())
    numbered = [
        (id, each, nth, place)
        for id, each in zip(ids, invited, strict=True)
        for nth, place in enumerate(each.places, 1)
    ]
    connection.execute(
        insert(_offered), [{"round_id": id, "nth": nth, "slot_id": place.slot_id} for id, _each, nth, place in numbered]
    )
    connection.execute(
        _TAKE_OVER,
        [
            {"claim": place.claim_id, "of": holder(id), "number": nth, "counted": each.counts_for}
            for id, each, nth, place in numbered
        ],
    )
    return ids


def _write_offers(
    session: WriteSession, invited: Sequence[Invited], round_ids: Sequence[int], *, now: datetime
) -> None:
    each_to = [(id, each, request) for id, each in zip(round_ids, invited, strict=True) for request in each.requests]
    if not each_to:
        return
    connection = session.connection()
    rows: list[dict[str, Any]] = [
        {
            "round_id": id,
            "request_id": request.request_id,
            "state": OfferState.SENT,
            "is_live": True,
            "made_at": now,
            "deliver_by": each.told_at + each.deliver_within,
        }
        for id, each, request in each_to
    ]
    ids = connection.execute(_OFFERS, rows).scalars().all()
    messages = [
        {
            **message_to(request.chat, offer_id=offer_id, due_at=each.told_at, now=now),
            "idem_key": about(offer_id),
        }
        for offer_id, (_id, each, request) in zip(ids, each_to, strict=True)
    ]
    connection.execute(insert_many_if_new(session, OutboxMessage, unique=("idem_key",)), messages)
    session.announce(TOPIC)


def message_to(chat: Recipient, *, offer_id: int, due_at: datetime, now: datetime) -> dict[str, Any]:
    """The message that offers, without its key."""
    return {
        "channel": chat.channel,
        "bot": chat.bot,
        "conversation_id": chat.conversation_id,
        "lane": Lane.REPLY,
        "notice": WaitingNotice.OFFER,
        "params": {"offer": offer_id},
        "about": about(offer_id),
        "state": DeliveryState.OPEN,
        "is_open": True,
        "due_at": due_at,
        "created_at": now,
    }
