"""The tables of staff accounts, their roles, their sessions, and the keys of sent forms."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from desk.organisation import LONGEST_PATH
from desk.staff.permissions import Role
from desk.storage.base import Base, BigInt, Id
from desk.storage.types import UtcDateTime, sort_key, vocabulary


class StaffMember(Base):
    """An account of the back office; only an argon2id hash of the password is stored."""

    __tablename__ = "staff_members"

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    search_words: Mapped[str] = mapped_column(String(400), default="")
    """The folded name and username without spaces, which a search compares."""
    sorts_as: Mapped[str] = mapped_column(sort_key(240), default="")
    """The sort key of the name by the Persian alphabet."""
    password_hash: Mapped[str] = mapped_column(String(160))
    is_active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    password_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The end of a password that somebody else set; None = one's own."""
    second_factor_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when a second factor is asked for after the password; None = the account has none."""
    has_passkey: Mapped[bool] = mapped_column(default=False, server_default=false())
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    number_misses: Mapped[int] = mapped_column(default=0, server_default="0")
    """Numbers of papers searched without a result since `first_missed_at`: see `desk.staff.number_search`."""
    first_missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoleAssignment(Base):
    """One role of one account at one node of the organisation (an area or an office), perhaps between two days."""

    __tablename__ = "role_assignments"
    __table_args__ = (
        CheckConstraint("(area IS NULL) <> (office_id IS NULL)", name="one_node"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="valid_period"),
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    role: Mapped[Role] = mapped_column(vocabulary(Role, name="role"))
    area: Mapped[str | None] = mapped_column(sort_key(LONGEST_PATH), ForeignKey("areas.path"))
    """The path of the area, which covers all that lies below it."""
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    """The one office; the role follows it into another area."""
    valid_from: Mapped[date | None]
    """The first day it is in force; None = from the beginning."""
    valid_to: Mapped[date | None]
    """The last day; None = until it is taken away."""


class StaffSession(Base):
    """A signed-in browser; only a hash of its token is stored. It ends by time, by sign-out, or with the account."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    device_hash: Mapped[str | None] = mapped_column(String(64))
    """The browser (`StaffDevice`): a new sign-in there ends this session."""
    browser: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """The code of a kind of browser, such as `firefox`; no address of the network is kept."""
    machine: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """The code of a kind of device, such as `phone`."""
    proof_hash: Mapped[str | None] = mapped_column(String(64))
    """The hash of a second cookie, made when the password was said once more: see `desk.staff.proofs`."""
    proved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    awaits_code: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True = the password was right, and the code of the second factor is still to be said: nothing else opens."""
    wrong_answers: Mapped[int] = mapped_column(default=0, server_default="0")
    """Wrong passwords and codes said in this session; the fifth ends it."""
    challenges: Mapped[int] = mapped_column(default=0, server_default="0")
    """The challenges of passkeys that were taken: see `desk.staff.passkeys`."""


class StaffDevice(Base):
    """A browser in which somebody signed in before: its tries are counted apart from those of strangers."""

    __tablename__ = "staff_devices"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The hash of its cookie, which is random and the same for all accounts of the browser."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), primary_key=True, index=True)
    failed_sign_ins: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffTotp(Base):
    """The secret of an account's codes, encrypted: see `desk.staff.second_factor`."""

    __tablename__ = "staff_totp"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), primary_key=True)
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    new_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    """One that was shown and of which no code was said yet."""
    last_step: Mapped[int] = mapped_column(BigInt, default=0)
    """The step of time of the last code that was taken: neither it nor an earlier one is taken again."""


class StaffPasskey(Base):
    """A key in a device of a member of the staff; only its public half is here."""

    __tablename__ = "staff_passkeys"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The hash of the id that the device gave it."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInt)
    """How often it has signed, where the device counts: a lower count means a copy."""
    label: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """A code that opens the account once in the place of a code of the phone."""

    __tablename__ = "staff_recovery_codes"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The keyed hash of the account and the code."""
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FormKey(Base):
    """The key of a form that was sent, kept for a day, so that a second press changes nothing."""

    __tablename__ = "form_keys"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The hash of the member of staff, the address and the key of the form."""
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    led_to: Mapped[str | None] = mapped_column(String(400))
    """Where the first press was redirected to; None until it is known."""
