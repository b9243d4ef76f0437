"""Writes the first data, with or without the demonstration's offices and staff."""

from __future__ import annotations

import base64
import hmac
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from desk.calendar import local_day_of
from desk.clock import now
from desk.seed import load
from desk.seed.demo import MEMBERS
from desk.staff.models import StaffMember
from desk.storage.base import WriteSession
from mizban.accounts import new_password
from mizban.database import bring_up_to_date, work
from mizban.settings import Settings


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A demo account as the terminal prints it."""

    username: str
    password: str
    about: str
    secret: str = ""
    """Of the codes that its sign-in asks for; empty = the password is enough."""


def seed_database(settings: Settings, *, demo: bool) -> list[DemoAccount]:
    """Create or migrate the tables, add missing data, and return the demo accounts, if any."""
    from desk.storage.engine import Storage

    bring_up_to_date(settings)
    password = demo_password(settings) if demo else None
    moment = now()

    async def put_in(storage: Storage) -> None:
        await storage.write(load, today=local_day_of(moment).date, now=moment, demo=demo, demo_password=password)
        if password is not None:
            await storage.write(_enrol, password=password, now=moment)

    work(settings, put_in)
    return demo_accounts(password) if password else []


def _enrol(session: WriteSession, *, password: str, now: datetime) -> None:
    """Give the accounts whose roles ask for it a second factor where they have none; the phones show their codes."""
    from desk.staff import second_factor

    without = select(StaffMember.id, StaffMember.username).where(StaffMember.second_factor_at.is_(None))
    asked = {member.username for member in MEMBERS if member.office_code is None}
    for staff_id, username in session.execute(without.where(StaffMember.username.in_(asked))).all():
        second_factor.enrol(session, staff_id=staff_id, secret=demo_secret(password, username), now=now)


def demo_secret(password: str, username: str) -> str:
    """The secret of a demo account's codes: the same at each start, and known to nobody without the password."""
    digest = hmac.digest(password.encode(), f"demo factor:{username}".encode(), "sha256")
    return base64.b32encode(digest[:20]).decode()


def demo_accounts(password: str) -> list[DemoAccount]:
    """The accounts of the demonstration; one whose password was changed since has the new one."""
    return [
        DemoAccount(
            member.username,
            password,
            f"{member.role.value.replace('_', ' ')}, {_place(member)}",
            "" if member.office_code else demo_secret(password, member.username),
        )
        for member in MEMBERS
    ]


def _place(member: object) -> str:
    office, province = getattr(member, "office_code", None), getattr(member, "province_code", None)
    return f"office {office}" if office else f"province {province}" if province else "the whole country"


def demo_password(settings: Settings) -> str:
    """The password of all demo accounts of this home folder, created once and stored there (mode 0600)."""
    path = demo_password_file(settings)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(new_password() + "\n")
    return path.read_text().strip()


def demo_password_file(settings: Settings) -> Path:
    """The path of its file."""
    return settings.home / "demo-password"
