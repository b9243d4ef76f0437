"""The tables of standing requests and their offers: what is wished, by whom, and which places were offered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.codes import PUBLIC_LENGTH
from desk.language.text import Localised
from desk.storage.base import Base, BigInt, Id
from desk.storage.types import Json, LocalisedText, UtcDateTime, vocabulary
from desk.waiting.offer_rules import FreedOutcome
from desk.waiting.rules import MOST_CLASS_DAYS, USUAL_CLASS_DAYS, ClassReason, OfferState, RequestState


class PriorityClass(Base):
    """A class of people who need a place sooner, as the directorate defines it: it counts as days of waiting."""

    __tablename__ = "priority_classes"
    __table_args__ = (CheckConstraint(f"days BETWEEN 1 AND {MOST_CLASS_DAYS}", name="days"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[Localised] = mapped_column(LocalisedText)
    days: Mapped[int] = mapped_column(SmallInteger, default=USUAL_CLASS_DAYS)
    is_active: Mapped[bool] = mapped_column(default=True)


class StandingRequest(Base):
    """A wish for an appointment that waits until a place fits; who waits longest is offered one first.

    The people of a request stand in it only while it is live, and one person waits once for a service: see
    `StandingRequestPerson`. After erasure `conversation_id` is None.
    """

    __tablename__ = "standing_requests"
    __table_args__ = (
        CheckConstraint("is_waiting = (state = 'waiting')", name="is_waiting"),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
        CheckConstraint("parts BETWEEN 1 AND 7", name="parts"),
        CheckConstraint("until_day >= from_day", name="days"),
        CheckConstraint("people >= 1", name="people"),
        CheckConstraint("(class_id IS NULL) = (class_reason IS NULL)", name="class"),
        Index(
            "ix_standing_requests_line",
            "service_id",
            "rank_at",
            "id",
            sqlite_where=text("is_waiting"),
            postgresql_where=text("is_waiting"),
        ),
        Index("ix_standing_requests_conversation_id", "conversation_id"),
        Index("ix_standing_requests_until_day", "until_day"),
    )

    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(PUBLIC_LENGTH), unique=True)
    idem_key: Mapped[str] = mapped_column(String(80), unique=True)
    """Made of the conversation, its run and its step, so that a double tap gives the same key."""
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    people: Mapped[int] = mapped_column(SmallInteger)
    """For how many people it wishes places: all or none, at one start or at starts that follow each other."""
    state: Mapped[RequestState] = mapped_column(vocabulary(RequestState, name="state"))
    is_waiting: Mapped[bool]
    """True while the state is WAITING; the condition of the partial index."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    rank_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The place in the line, `place_in_line.place_of`, and with a class its days earlier: the earlier is first."""
    class_id: Mapped[int | None] = mapped_column(ForeignKey("priority_classes.id"))
    class_reason: Mapped[ClassReason | None] = mapped_column(vocabulary(ClassReason, name="class_reason"))
    weekdays: Mapped[int] = mapped_column(SmallInteger)
    """`calendar.weekday_bits`."""
    parts: Mapped[int] = mapped_column(SmallInteger)
    """`rules.part_bits`."""
    from_day: Mapped[date]
    until_day: Mapped[date]
    lapses: Mapped[int] = mapped_column(SmallInteger, default=0)
    """How many offers in a row got no answer."""
    looked_until: Mapped[date | None]
    """Up to which day the free places were looked through for it; None = anew from the first day on."""
    looked_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The earliest start that was not too near when they were looked through last: nearer ones are idle for nobody."""
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was fulfilled, ended or lapsed."""


class StandingRequestPlace(Base):
    """An office, or a whole province, at which the request wishes an appointment."""

    __tablename__ = "standing_request_places"
    __table_args__ = (
        CheckConstraint("(office_id IS NULL) <> (province_code IS NULL)", name="one"),
        UniqueConstraint("request_id", "office_id"),
        UniqueConstraint("request_id", "province_code"),
        Index("ix_standing_request_places_office_id", "office_id"),
        Index("ix_standing_request_places_province_code", "province_code"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("standing_requests.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    province_code: Mapped[str | None] = mapped_column(ForeignKey("provinces.code"))


class StandingRequestPerson(Base):
    """A person of a live request; the row is deleted when the request is over.

    One person waits once for a service. As with appointments, who types a number need not hold its paper: so a second
    chat may have one contested request beside the first, and one chat never has two.
    """

    __tablename__ = "standing_request_people"
    __table_args__ = (
        UniqueConstraint("conversation_id", "person_id", "service_id"),
        UniqueConstraint("person_id", "service_id", "is_contested"),
        *(
            Index(
                f"uq_standing_request_people_{name}",
                *columns,
                unique=True,
                sqlite_where=text("link_id IS NOT NULL"),
                postgresql_where=text("link_id IS NOT NULL"),
            )
            for name, columns in (
                ("link", ("link_id", "service_id", "is_contested")),
                ("link_in_chat", ("conversation_id", "link_id", "service_id")),
            )
        ),
    )

    request_id: Mapped[int] = mapped_column(BigInt, ForeignKey("standing_requests.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInt, ForeignKey("persons.id"), primary_key=True)
    link_id: Mapped[int | None] = mapped_column(BigInt)
    """The link of the person's papers, as in `Appointment`."""
    nth: Mapped[int] = mapped_column(SmallInteger)
    """1, 2, … in the order in which they were named."""
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    is_contested: Mapped[bool]
    """True = another chat waited for this person and service already."""


class OfferRound(Base):
    """A set of places that is offered to one request, or near the start to several, of which the first has them."""

    __tablename__ = "offer_rounds"
    __table_args__ = (
        CheckConstraint("taken_by IS NULL OR NOT is_open", name="taken_by"),
        CheckConstraint("(draw_id IS NULL) = (answer_minutes IS NULL)", name="draw"),
        Index(
            "ix_offer_rounds_open",
            "starts_at",
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
        Index(
            "ix_offer_rounds_draw_id",
            "draw_id",
            sqlite_where=text("draw_id IS NOT NULL"),
            postgresql_where=text("draw_id IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The first start of its places."""
    day: Mapped[date]
    is_open: Mapped[bool]
    """True while its places are on offer: then it holds a claim on each. A guarded statement ends that, once."""
    taken_by: Mapped[int | None] = mapped_column(BigInt)
    """The offer that was accepted."""
    draw_id: Mapped[int | None] = mapped_column(BigInt)
    """The draw that gave the places to the request; None = it was offered them by its place in the line."""
    answer_minutes: Mapped[int | None]
    """How long there is to confirm what was drawn, hours of the night not counted; None = by how near the day is."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OfferPlace(Base):
    """One place of a round; it stays when the round is over, so that nobody is offered a slot twice."""

    __tablename__ = "offer_places"
    __table_args__ = (Index("ix_offer_places_slot_id", "slot_id"),)

    round_id: Mapped[int] = mapped_column(BigInt, ForeignKey("offer_rounds.id"), primary_key=True)
    nth: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))


class Offer(Base):
    """A round as one request is invited to it; a request has one live offer."""

    __tablename__ = "offers"
    __table_args__ = (
        CheckConstraint("is_live = (state = 'sent')", name="is_live"),
        CheckConstraint("(delivered_at IS NULL) = (ends_at IS NULL)", name="ends_at"),
        Index(
            "uq_offers_live",
            "request_id",
            unique=True,
            sqlite_where=text("is_live"),
            postgresql_where=text("is_live"),
        ),
        Index("ix_offers_request_id", "request_id"),
        Index("ix_offers_round_id", "round_id"),
        Index("ix_offers_end", "ends_at", sqlite_where=text("is_live"), postgresql_where=text("is_live")),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = mapped_column(ForeignKey("offer_rounds.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("standing_requests.id"))
    state: Mapped[OfferState] = mapped_column(vocabulary(OfferState, name="state"))
    is_live: Mapped[bool]
    """True while the state is SENT; the condition of the partial indexes."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deliver_by: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it is withdrawn if its message did not arrive."""
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its message was found to have arrived; the time to answer counts from then."""
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FreedPlace(Base):
    """What became of a place that was kept for those who wait, and why the others were not offered it."""

    __tablename__ = "freed_places"
    __table_args__ = (Index("ix_freed_places_slot_id", "slot_id"), Index("ix_freed_places_at", "at"))

    id: Mapped[Id]
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[FreedOutcome] = mapped_column(vocabulary(FreedOutcome, name="outcome"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("offer_rounds.id"))
    others: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """How many requests for the same service and office were not offered it, by `NoOffer`."""
