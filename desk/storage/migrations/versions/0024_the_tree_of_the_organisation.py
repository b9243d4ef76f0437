"""The tree of the organisation: areas, the one each office lies in, and roles at a node of it, perhaps for a time."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import LocalisedText, sort_key

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

PATH = 60
ROLES = ("clerk", "marshal", "desk_officer", "office_manager", "province_officer", "administrator")

_provinces = sa.table("provinces", sa.column("code", sa.String))
_areas = sa.table("areas", sa.column("path", sa.String))
_offices = sa.table("offices", sa.column("province_code", sa.String), sa.column("area", sa.String))
_before = sa.table(
    "role_assignments",
    sa.column("id", sa.Integer),
    sa.column("staff_id", sa.Integer),
    *(sa.column(name, sa.String) for name in ("role", "scope", "scope_key", "province_code")),
    sa.column("office_id", sa.Integer),
)
_after = sa.table(
    "role_assignments",
    sa.column("id", sa.Integer),
    sa.column("staff_id", sa.Integer),
    *(sa.column(name, sa.String) for name in ("role", "area")),
    sa.column("office_id", sa.Integer),
    *(sa.column(name, sa.Date) for name in ("valid_from", "valid_to")),
)


def upgrade() -> None:
    op.create_table(
        "areas",
        sa.Column("path", sort_key(PATH), nullable=False),
        sa.Column("name", LocalisedText(), nullable=True),
        sa.PrimaryKeyConstraint("path", name="pk_areas"),
    )
    connection = op.get_bind()
    codes = connection.execute(sa.select(_provinces.c.code)).scalars().all()
    connection.execute(_areas.insert(), [{"path": "/"}, *({"path": f"/{code}/"} for code in codes)])

    # In place, since queues point to the offices; SQLite then takes no key to another table.
    op.add_column("offices", sa.Column("area", sort_key(PATH), server_default="/", nullable=False))
    connection.execute(_offices.update().values(area="/" + _offices.c.province_code + "/"))
    if connection.dialect.name != "sqlite":
        op.alter_column("offices", "area", server_default=None)
    op.create_index("ix_offices_area", "offices", ["area"])

    # Nothing points to the roles: they are few, and written anew.
    held = connection.execute(sa.select(_before).order_by(_before.c.id)).all()
    op.drop_table("role_assignments")
    op.create_table(
        "role_assignments",
        *_common(),
        sa.Column("area", sort_key(PATH), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("(area IS NULL) <> (office_id IS NULL)", name=op.f("ck_role_assignments_one_node")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name=op.f("ck_role_assignments_valid_period"),
        ),
        sa.ForeignKeyConstraint(["area"], ["areas.path"], name=op.f("fk_role_assignments_area")),
    )
    op.create_index("ix_role_assignments_staff_id", "role_assignments", ["staff_id"])
    rows = [
        {"staff_id": row.staff_id, "role": row.role, "area": _area_of(row), "office_id": row.office_id} for row in held
    ]
    if rows:
        connection.execute(_after.insert(), rows)


def downgrade() -> None:
    """What the older table cannot say, a role of a county or with days, is taken out: it is never made wider."""
    connection = op.get_bind()
    held = connection.execute(sa.select(_after).order_by(_after.c.id)).all()
    op.drop_index("ix_role_assignments_staff_id", "role_assignments")
    op.drop_table("role_assignments")
    op.create_table(
        "role_assignments",
        *_common(),
        sa.Column(
            "scope",
            sa.Enum("office", "province", "nation", name="scope", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("scope_key", sa.String(length=24), nullable=False),
        sa.Column("province_code", sa.String(length=5), nullable=True),
        sa.CheckConstraint(
            "(scope = 'office' AND office_id IS NOT NULL AND province_code IS NULL)"
            " OR (scope = 'province' AND province_code IS NOT NULL AND office_id IS NULL)"
            " OR (scope = 'nation' AND province_code IS NULL AND office_id IS NULL)",
            name=op.f("ck_role_assignments_scope_fits"),
        ),
        sa.ForeignKeyConstraint(["province_code"], ["provinces.code"], name=op.f("fk_role_assignments_province_code")),
        sa.UniqueConstraint("staff_id", "role", "scope_key", name=op.f("uq_role_assignments_staff_id_role_scope_key")),
    )
    rows: dict[tuple[int, str, str], dict[str, Any]] = {}
    for row in held:
        place = _place_of(row)
        if place is not None and row.valid_from is None and row.valid_to is None:
            rows.setdefault(
                (row.staff_id, row.role, place["scope_key"]), {"staff_id": row.staff_id, "role": row.role, **place}
            )
    if rows:
        connection.execute(_before.insert(), list(rows.values()))
    op.drop_index("ix_offices_area", "offices")
    op.drop_column("offices", "area")
    op.drop_table("areas")


def _common() -> list[Any]:
    """The columns and rules that stand before and after."""
    return [
        sa.Column("id", BigInt, nullable=False),
        sa.Column("staff_id", BigInt, nullable=False),
        sa.Column(
            "role",
            sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("office_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_role_assignments_office_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name=op.f("fk_role_assignments_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignments")),
    ]


def _area_of(row: Any) -> str | None:
    match row.scope:
        case "nation":
            return "/"
        case "province":
            return f"/{row.province_code}/"
        case _:
            return None


def _place_of(row: Any) -> dict[str, Any] | None:
    if row.office_id is not None:
        place = {"scope": "office", "scope_key": f"office:{row.office_id}", "province_code": None}
    elif row.area == "/":
        place = {"scope": "nation", "scope_key": "nation", "province_code": None}
    elif row.area.count("/") == 2:
        code = row.area.strip("/")
        place = {"scope": "province", "scope_key": f"province:{code}", "province_code": code}
    else:
        return None
    return place | {"office_id": row.office_id}
