"""Services are drawn: which and how, what is announced, the frozen lists and places, and who won."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from desk.storage.types import UtcDateTime

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON: Any = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
KINDS = ("hold", "offer", "share", "rest", "kept")
STATES = ("draft", "open", "frozen", "drawn", "over", "not_held")


def upgrade() -> None:
    _allow((*KINDS, "drawn"))
    with op.batch_alter_table("offer_rounds") as table:
        table.add_column(sa.Column("draw_id", ID, nullable=True))
        table.add_column(sa.Column("answer_minutes", sa.Integer(), nullable=True))
        table.create_check_constraint(
            op.f("ck_offer_rounds_draw"), sa.text("(draw_id IS NULL) = (answer_minutes IS NULL)")
        )
    drawn = sa.text("draw_id IS NOT NULL")
    op.create_index("ix_offer_rounds_draw_id", "offer_rounds", ["draw_id"], sqlite_where=drawn, postgresql_where=drawn)
    _settings()
    _draws()
    _lists()


def downgrade() -> None:
    """Places of draws are free for everybody, as they were then."""
    for gone_too in ("draw_files", "draw_entries", "draw_groups", "draw_figures", "draws", "draw_settings"):
        op.drop_table(gone_too)
    op.drop_table("drawn_services")
    theirs = "c.kind = 'drawn'"
    gone = f"SELECT count(*) FROM claims c WHERE {theirs} AND c.slot_id = slots.id"  # noqa: S608  # our own words
    above = f"CASE WHEN capacity - planned < ({gone}) THEN capacity - planned ELSE ({gone}) END"
    op.execute(
        f"UPDATE slots SET capacity = capacity - ({above}), remaining = remaining + ({gone}) - ({above}),"  # noqa: S608  # as above
        f" is_open = (status = 'live' AND remaining + ({gone}) - ({above}) > 0)"
        f" WHERE id IN (SELECT c.slot_id FROM claims c WHERE {theirs})"
    )
    op.execute("DELETE FROM claims WHERE kind = 'drawn'")
    op.drop_index("ix_offer_rounds_draw_id", "offer_rounds")
    with op.batch_alter_table("offer_rounds") as rounds:
        rounds.drop_constraint(op.f("ck_offer_rounds_draw"), type_="check")
        rounds.drop_column("answer_minutes")
        rounds.drop_column("draw_id")
    _allow(KINDS)


def _settings() -> None:
    op.create_table(
        "drawn_services",
        sa.Column("service_id", ID, nullable=False),
        sa.Column("province_code", sa.String(length=5), nullable=False),
        sa.Column("last_open_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_drawn_services_service_id")),
        sa.ForeignKeyConstraint(["province_code"], ["provinces.code"], name=op.f("fk_drawn_services_province_code")),
        sa.PrimaryKeyConstraint("service_id", "province_code", name=op.f("pk_drawn_services")),
    )
    op.create_table(
        "draw_settings",
        sa.Column("id", ID, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("province_code", sa.String(length=5), nullable=False),
        sa.Column("is_drawn", sa.Boolean(), nullable=False),
        sa.Column("publish_at", sa.SmallInteger(), nullable=False),
        sa.Column("days_ahead", sa.SmallInteger(), nullable=False),
        sa.Column("confirm_minutes", sa.Integer(), nullable=False),
        sa.Column("priority_share", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("publish_at BETWEEN 0 AND 1439", name=op.f("ck_draw_settings_publish_at")),
        sa.CheckConstraint("priority_share BETWEEN 0 AND 100", name=op.f("ck_draw_settings_priority_share")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_draw_settings_service_id")),
        sa.ForeignKeyConstraint(["province_code"], ["provinces.code"], name=op.f("fk_draw_settings_province_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_settings")),
        sa.UniqueConstraint("service_id", "province_code", name=op.f("uq_draw_settings_service_id_province_code")),
    )


def _draws() -> None:
    op.create_table(
        "draws",
        sa.Column("id", ID, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("province_code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("state", _words("state", STATES), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=False),
        sa.Column("figure_name", sa.String(length=120), nullable=False),
        sa.Column("figure_digits", sa.SmallInteger(), nullable=False),
        sa.Column("confirm_minutes", sa.Integer(), nullable=False),
        sa.Column("priority_share", sa.SmallInteger(), nullable=False),
        sa.Column("system_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("system_hash", sa.String(length=64), nullable=False),
        sa.Column("word_hash", sa.String(length=64), nullable=True),
        sa.Column("word", sa.String(length=200), nullable=True),
        sa.Column("word_by", ID, nullable=True),
        sa.Column("figure", sa.String(length=40), nullable=True),
        sa.Column("prepared_by", ID, nullable=True),
        sa.Column("prepared_at", UtcDateTime(), nullable=False),
        sa.Column("announced_at", UtcDateTime(), nullable=True),
        sa.Column("frozen_at", UtcDateTime(), nullable=True),
        sa.Column("frozen_hash", sa.String(length=64), nullable=True),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("over_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_draws_days")),
        sa.CheckConstraint("closes_at < drawn_at", name=op.f("ck_draws_closes_at")),
        sa.CheckConstraint("state = 'draft' OR word_hash IS NOT NULL", name=op.f("ck_draws_word_hash")),
        sa.CheckConstraint("(frozen_at IS NULL) = (frozen_hash IS NULL)", name=op.f("ck_draws_frozen")),
        sa.CheckConstraint("state NOT IN ('drawn', 'over') OR figure IS NOT NULL", name=op.f("ck_draws_figure")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_draws_service_id")),
        sa.ForeignKeyConstraint(["province_code"], ["provinces.code"], name=op.f("fk_draws_province_code")),
        sa.ForeignKeyConstraint(["word_by"], ["staff_members.id"], name=op.f("fk_draws_word_by")),
        sa.ForeignKeyConstraint(["prepared_by"], ["staff_members.id"], name=op.f("fk_draws_prepared_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
    )
    op.create_index("ix_draws_service_id", "draws", ["service_id", "province_code", "first_day"])
    op.create_index("ix_draws_state", "draws", ["state"])
    op.create_table(
        "draw_figures",
        sa.Column("draw_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("figure", sa.String(length=40), nullable=False),
        sa.Column("typed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_figures_draw_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name=op.f("fk_draw_figures_staff_id")),
        sa.PrimaryKeyConstraint("draw_id", "staff_id", name=op.f("pk_draw_figures")),
    )


def _lists() -> None:
    op.create_table(
        "draw_groups",
        sa.Column("draw_id", ID, nullable=False),
        sa.Column("nth", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("queue_id", ID, nullable=False),
        sa.Column("office_code", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", JSON, nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_groups_draw_id")),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_draw_groups_queue_id")),
        sa.PrimaryKeyConstraint("draw_id", "nth", name=op.f("pk_draw_groups")),
    )
    op.create_table(
        "draw_entries",
        sa.Column("draw_id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("lots", sa.SmallInteger(), nullable=False),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.Column("has_priority", sa.Boolean(), nullable=False),
        sa.Column("groups", JSON, nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("places", JSON, nullable=True),
        sa.Column("is_asked", sa.Boolean(), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.CheckConstraint("places IS NULL OR position IS NOT NULL", name=op.f("ck_draw_entries_places")),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_entries_draw_id")),
        sa.ForeignKeyConstraint(["request_id"], ["standing_requests.id"], name=op.f("fk_draw_entries_request_id")),
        sa.PrimaryKeyConstraint("draw_id", "public_id", name=op.f("pk_draw_entries")),
    )
    op.create_index("ix_draw_entries_position", "draw_entries", ["draw_id", "position"])
    op.create_index("ix_draw_entries_request_id", "draw_entries", ["request_id"])
    op.create_table(
        "draw_files",
        sa.Column("draw_id", ID, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_files_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", name=op.f("pk_draw_files")),
    )


def _words(name: str, members: Sequence[str]) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=24)


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
