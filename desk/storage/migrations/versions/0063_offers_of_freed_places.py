"""Freed places are kept for those who wait, and offered to them: rounds, offers, and what became of each place."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from desk.storage.types import UtcDateTime

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("hold", "offer", "share", "rest")
STATES = ("sent", "accepted", "declined", "lapsed", "too_late", "withdrawn")
OUTCOMES = ("offered", "nobody", "not_bookable")


def upgrade() -> None:
    op.add_column("standing_requests", sa.Column("looked_until", sa.Date(), nullable=True))
    _allow((*KINDS, "kept"))
    _rounds()
    _offers()
    op.create_table(
        "freed_places",
        sa.Column("id", ID, nullable=False),
        sa.Column("slot_id", ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("outcome", _words("outcome", OUTCOMES), nullable=False),
        sa.Column("round_id", ID, nullable=True),
        sa.Column(
            "others",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_freed_places_slot_id")),
        sa.ForeignKeyConstraint(["round_id"], ["offer_rounds.id"], name=op.f("fk_freed_places_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freed_places")),
    )
    op.create_index("ix_freed_places_slot_id", "freed_places", ["slot_id"])
    op.create_index("ix_freed_places_at", "freed_places", ["at"])


def downgrade() -> None:
    """What is kept or on offer is free for everybody, as it was then."""
    for table in ("freed_places", "offers", "offer_places", "offer_rounds"):
        op.drop_table(table)
    theirs = "(c.kind = 'kept' OR c.kind = 'offer' AND c.holder LIKE 'round:%')"
    gone = f"SELECT count(*) FROM claims c WHERE {theirs} AND c.slot_id = slots.id"  # noqa: S608  # our own words
    above = f"CASE WHEN capacity - planned < ({gone}) THEN capacity - planned ELSE ({gone}) END"
    op.execute(
        f"UPDATE slots SET capacity = capacity - ({above}), remaining = remaining + ({gone}) - ({above}),"  # noqa: S608  # as above
        f" is_open = (status = 'live' AND remaining + ({gone}) - ({above}) > 0)"
        f" WHERE id IN (SELECT c.slot_id FROM claims c WHERE {theirs})"
    )
    op.execute("DELETE FROM claims WHERE kind = 'kept' OR kind = 'offer' AND holder LIKE 'round:%'")
    _allow(KINDS)
    op.drop_column("standing_requests", "looked_until")


def _words(name: str, members: Sequence[str]) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=24)


def _rounds() -> None:
    op.create_table(
        "offer_rounds",
        sa.Column("id", ID, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("queue_id", ID, nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("taken_by", ID, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("taken_by IS NULL OR NOT is_open", name=op.f("ck_offer_rounds_taken_by")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_offer_rounds_service_id")),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_offer_rounds_queue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_rounds")),
    )
    is_open = sa.text("is_open")
    op.create_index(
        "ix_offer_rounds_open", "offer_rounds", ["starts_at"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_table(
        "offer_places",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column("slot_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["offer_rounds.id"], name=op.f("fk_offer_places_round_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_offer_places_slot_id")),
        sa.PrimaryKeyConstraint("round_id", "nth", name=op.f("pk_offer_places")),
    )
    op.create_index("ix_offer_places_slot_id", "offer_places", ["slot_id"])


def _offers() -> None:
    op.create_table(
        "offers",
        sa.Column("id", ID, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("state", _words("state", STATES), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("deliver_by", UtcDateTime(), nullable=False),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("over_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("is_live = (state = 'sent')", name=op.f("ck_offers_is_live")),
        sa.CheckConstraint("(delivered_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_offers_ends_at")),
        sa.ForeignKeyConstraint(["round_id"], ["offer_rounds.id"], name=op.f("fk_offers_round_id")),
        sa.ForeignKeyConstraint(["request_id"], ["standing_requests.id"], name=op.f("fk_offers_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    is_live = sa.text("is_live")
    op.create_index(
        "uq_offers_live", "offers", ["request_id"], unique=True, sqlite_where=is_live, postgresql_where=is_live
    )
    op.create_index("ix_offers_request_id", "offers", ["request_id"])
    op.create_index("ix_offers_round_id", "offers", ["round_id"])
    op.create_index("ix_offers_end", "offers", ["ends_at"], sqlite_where=is_live, postgresql_where=is_live)


def _allow(kinds: Sequence[str]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_claims_kind"), "claims", type_="check")
        op.create_check_constraint(op.f("ck_claims_kind"), "claims", sa.column("kind").in_(kinds))
        return
    # SQLite makes the table anew. Its own rules have to be said, since they are not read from it.
    with op.batch_alter_table("claims", copy_from=_claims(kinds), recreate="always"):
        pass


def _claims(kinds: Sequence[str]) -> sa.Table:
    return sa.Table(
        "claims",
        sa.MetaData(),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", _words("ck_claims_kind", kinds), nullable=False),
        sa.Column("slot_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("holder", sa.String(length=60), nullable=True),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(conversation_id IS NULL) <> (holder IS NULL)", name=op.f("ck_claims_owner")),
        sa.CheckConstraint("kind = 'share' OR expires_at IS NOT NULL", name=op.f("ck_claims_expires")),
        sa.CheckConstraint("nth >= 1", name=op.f("ck_claims_nth")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_claims_conversation_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_claims_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("conversation_id", "kind", "nth", name=op.f("uq_claims_conversation_id_kind_nth")),
        sa.UniqueConstraint("holder", "kind", "nth", name=op.f("uq_claims_holder_kind_nth")),
        sa.Index("ix_claims_expires_at", "expires_at"),
        sa.Index("ix_claims_slot_id", "slot_id"),
    )
