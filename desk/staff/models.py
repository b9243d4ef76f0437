"""A staff account, the roles it holds within a scope, and its signed-in sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.staff.permissions import Role, ScopeKind
from desk.storage.base import Base, Id
from desk.storage.types import UtcDateTime, sort_key, vocabulary


class StaffMember(Base):
    """An account of the back office. The password is kept as an argon2id hash only."""

    __tablename__ = "staff_members"

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    search_words: Mapped[str] = mapped_column(String(400), default="")
    """Folded name and username in one piece: what a search looks through."""
    sorts_as: Mapped[str] = mapped_column(sort_key(240), default="")
    """The name as the Persian alphabet orders it: what lists are sorted by."""
    password_hash: Mapped[str] = mapped_column(String(160))
    is_active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    number_misses: Mapped[int] = mapped_column(default=0, server_default="0")
    """Numbers of papers looked for in vain since `first_missed_at`: see `desk.staff.number_search`."""
    first_missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoleAssignment(Base):
    """One role of one person within one scope: an office, a province, or the nation."""

    __tablename__ = "role_assignments"
    __table_args__ = (
        UniqueConstraint("staff_id", "role", "scope_key"),
        CheckConstraint(
            "(scope = 'office' AND office_id IS NOT NULL AND province_code IS NULL)"
            " OR (scope = 'province' AND province_code IS NOT NULL AND office_id IS NULL)"
            " OR (scope = 'nation' AND province_code IS NULL AND office_id IS NULL)",
            name="scope_fits",
        ),
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"))
    role: Mapped[Role] = mapped_column(vocabulary(Role, name="role"))
    scope: Mapped[ScopeKind] = mapped_column(vocabulary(ScopeKind, name="scope"))
    scope_key: Mapped[str] = mapped_column(String(24))
    """`office:7`, `province:IR-30` or `nation`: one text, so that the unique constraint sees it without NULLs."""
    province_code: Mapped[str | None] = mapped_column(ForeignKey("provinces.code"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))


class StaffSession(Base):
    """A signed-in browser. Only the hash of its token is kept; ends by time, sign-out, or when the account ends."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FormKey(Base):
    """A form of the back office that has been sent: pressed twice, it acts once. Kept for a day."""

    __tablename__ = "form_keys"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the member of staff, the address and the key the form carried."""
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    led_to: Mapped[str | None] = mapped_column(String(400))
    """Where the first press went; None until it is known."""
