"""The folded words that a case is found by, made from what was written until now."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from desk.cases.found_by import words_of
from desk.reading.folding import joined

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CASES_AT_ONCE = 500


def upgrade() -> None:
    case_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    words = op.create_table(
        "case_words",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("case_id", case_id, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_words_case_id"),
        sa.PrimaryKeyConstraint("word", "case_id", name="pk_case_words"),
    )
    op.create_index("ix_case_words_case_id", "case_words", ["case_id"])
    op.add_column("cases", sa.Column("name_words", sa.String(length=160)))
    cases = sa.table(
        "cases", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("name_words", sa.String)
    )
    entries = sa.table("case_entries", sa.column("case_id", sa.Integer), sa.column("text", sa.Text))
    connection = op.get_bind()
    last = 0
    while True:
        found = connection.execute(
            sa.select(cases.c.id, cases.c.name).where(cases.c.id > last).order_by(cases.c.id).limit(CASES_AT_ONCE)
        ).all()
        if not found:
            return
        last = found[-1][0]
        texts: dict[int, list[str]] = defaultdict(list)
        for id, name in found:
            if name:
                connection.execute(cases.update().where(cases.c.id == id).values(name_words=joined(name)))
        written = sa.select(entries.c.case_id, entries.c.text).where(
            entries.c.case_id.between(found[0][0], last), entries.c.text.is_not(None)
        )
        for id, text in connection.execute(written):
            texts[id].append(text)
        rows = [{"word": word, "case_id": id} for id, said in texts.items() for word in sorted(words_of(*said))]
        if rows:
            connection.execute(words.insert(), rows)


def downgrade() -> None:
    op.drop_column("cases", "name_words")
    op.drop_table("case_words")
