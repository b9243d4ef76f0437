"""Names, answers, texts and voice notes of cases are encrypted; they are found by marks of their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection

from desk.cases.found_by import indexed_words, marks_of, words_of
from desk.reading.folding import joined
from desk.storage.base import BigInt
from desk.storage.encryption import Keys
from desk.storage.migrate import keys_here
from desk.storage.migrations.rewriting import decrypt_all, encrypt_some
from desk.storage.types import Json

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

REWRITTEN = ("cases", "case_entries", "case_drafts", "case_words")
OF_CASES: dict[str, Any] = {"columns": {"name": "name_sealed"}, "values": {"facts": "facts_sealed"}}
OF_ENTRIES: dict[str, Any] = {"columns": {"text": "text_sealed"}, "values": {"voice": "voice_sealed"}}

_words = sa.table("case_words", sa.column("mark", sa.Integer), sa.column("case_id", sa.BigInteger))
_drafts = sa.table(
    "case_drafts",
    *(sa.column(name, sa.BigInteger) for name in ("case_id", "staff_id")),
    sa.column("text", sa.String),
    sa.column("text_sealed", sa.LargeBinary),
)
_PLACES = (
    "SELECT c.id, c.contact, coalesce(c.handler_province_code, o.province_code, 'nation') FROM cases c"
    " LEFT JOIN offices o ON o.id = c.handler_office_id WHERE c.id IN :ids"
)


def upgrade() -> None:
    for table, names in (
        ("cases", ("name_sealed", "facts_sealed")),
        ("case_entries", ("text_sealed", "voice_sealed")),
        ("case_drafts", ("text_sealed",)),
    ):
        for name in names:
            op.add_column(table, sa.Column(name, sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("cases") as batch:
        batch.alter_column("facts", existing_type=Json, nullable=True)
    op.execute("UPDATE cases SET name_words = NULL")
    op.drop_table("case_words")
    _table_of_words(sa.Column("mark", sa.Integer(), nullable=False))
    # Drafts are few: each is deleted after thirty days.
    connection, keys = op.get_bind(), keys_here()
    for case_id, staff_id, text in connection.execute(sa.select(*_drafts.c["case_id", "staff_id", "text"])).all():
        sealed = keys.encrypt(text, column="case_drafts.text_sealed", row=case_id)
        of = (_drafts.c.case_id == case_id, _drafts.c.staff_id == staff_id)
        connection.execute(sa.update(_drafts).where(*of).values(text_sealed=sealed))
    with op.batch_alter_table("case_drafts") as batch:
        batch.drop_column("text")
        batch.alter_column("text_sealed", existing_type=sa.LargeBinary(), nullable=False)


def fill(connection: Connection, keys: Keys, limit: int) -> int:
    told: list[tuple[int, str]] = []

    def note_name(keys: Keys, row: Mapping[str, Any]) -> Mapping[str, Any]:
        if row["name"]:
            told.append((row["id"], row["name"]))
        return {}

    def note_text(keys: Keys, row: Mapping[str, Any]) -> Mapping[str, Any]:
        if row["text"]:
            told.append((row["case_id"], row["text"]))
        return {}

    done = encrypt_some(connection, keys, table="cases", **OF_CASES, more=note_name, limit=limit)
    if not done:
        done = encrypt_some(
            connection, keys, table="case_entries", **OF_ENTRIES, with_it=("case_id",), more=note_text, limit=limit
        )
    _index(connection, keys, told)
    return done


def _index(connection: Connection, keys: Keys, told: Iterable[tuple[int, str]]) -> None:
    texts: dict[int, list[str]] = {}
    for case_id, text in told:
        texts.setdefault(case_id, []).append(text)
    if not texts:
        return
    places = sa.text(_PLACES).bindparams(sa.bindparam("ids", expanding=True))
    rows: list[dict[str, int]] = []
    for id, contact, place in connection.execute(places, {"ids": sorted(texts)}):
        if contact != "nobody":
            marks = {marks_of(keys, place, word)[0] for word in indexed_words(*texts[id])}
            rows += [{"mark": mark, "case_id": id} for mark in sorted(marks)]
    if rows:
        put = sa.text("INSERT INTO case_words (mark, case_id) VALUES (:mark, :case_id) ON CONFLICT DO NOTHING")
        connection.execute(put, rows)


def _table_of_words(first: sa.Column[Any]) -> None:
    op.create_table(
        "case_words",
        first,
        sa.Column("case_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_words_case_id"),
        sa.PrimaryKeyConstraint(first.name, "case_id", name="pk_case_words"),
    )
    op.create_index("ix_case_words_case_id", "case_words", ["case_id"])


def downgrade() -> None:
    connection, keys = op.get_bind(), keys_here()
    decrypt_all(connection, keys, table="cases", **OF_CASES)
    decrypt_all(connection, keys, table="case_entries", **OF_ENTRIES)
    op.execute("UPDATE cases SET facts = '{}' WHERE facts IS NULL")
    op.add_column("case_drafts", sa.Column("text", sa.Text(), server_default="", nullable=False))
    for case_id, staff_id, sealed in connection.execute(
        sa.select(*_drafts.c["case_id", "staff_id", "text_sealed"])
    ).all():
        of = (_drafts.c.case_id == case_id, _drafts.c.staff_id == staff_id)
        text = keys.decrypt(sealed, column="case_drafts.text_sealed", row=case_id)
        connection.execute(sa.update(_drafts).where(*of).values(text=text))
    with op.batch_alter_table("case_drafts") as batch:
        batch.alter_column("text", existing_type=sa.Text(), server_default=None)
        batch.drop_column("text_sealed")
    op.drop_table("case_words")
    _table_of_words(sa.Column("word", sa.String(40), nullable=False))
    _words_of_before(connection)
    with op.batch_alter_table("cases") as batch:
        batch.alter_column("facts", existing_type=Json, nullable=False)
        for name in ("name_sealed", "facts_sealed"):
            batch.drop_column(name)
    with op.batch_alter_table("case_entries") as batch:
        for name in ("text_sealed", "voice_sealed"):
            batch.drop_column(name)


def _words_of_before(connection: Connection) -> None:
    texts: dict[int, list[str]] = {}
    for case_id, text in connection.exec_driver_sql("SELECT case_id, text FROM case_entries WHERE text IS NOT NULL"):
        texts.setdefault(case_id, []).append(text)
    put = sa.text("INSERT INTO case_words (word, case_id) VALUES (:word, :case_id)")
    for case_id, each in texts.items():
        rows = [{"word": word, "case_id": case_id} for word in sorted(words_of(*each))]
        if rows:
            connection.execute(put, rows)
    names = connection.exec_driver_sql("SELECT id, name FROM cases WHERE name IS NOT NULL").all()
    folded = sa.text("UPDATE cases SET name_words = :words WHERE id = :id")
    for id, name in names:
        connection.execute(folded, {"words": joined(name), "id": id})
