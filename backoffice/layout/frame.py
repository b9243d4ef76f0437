"""What surrounds every page: who is signed in, the parts of the back office they may open, and a notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from backoffice.tables import Part, parts_in_order
from backoffice.web.keys import new_key
from backoffice.wording import NOTICES
from desk.acting import Permission
from desk.language.text import Text
from desk.organisation import Node
from desk.staff.queries import SignedInStaff

PARTS: Final = parts_in_order()
"""The parts of the main navigation, collected from the subjects."""


ON_A_PHONE: Final = 6
"""Entries that fit beside each other at the foot of a phone, so that each can be read and hit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationEntry:
    """An entry of the navigation as the reader sees it."""

    part: Part
    is_current: bool
    address: str
    """Its address; parts of one office keep the office of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What surrounds one page."""

    name: str
    csrf: str
    entries: tuple[NavigationEntry, ...]
    notice: Text | None
    path: str
    plans_for_an_area: bool = False
    """Whether the person may change the hours of all offices of an area."""
    may_close: bool = False
    """Whether the person may close hours and days somewhere."""

    @property
    def behind_more(self) -> tuple[NavigationEntry, ...]:
        """What stands behind «More» on a phone; nothing where all have room."""
        return self.entries[ON_A_PHONE - 1 :] if len(self.entries) > ON_A_PHONE else ()

    @property
    def new_key(self) -> str:
        """A key for one form: pressed twice, it acts once."""
        return new_key()


def parts_of(staff: SignedInStaff) -> tuple[Part, ...]:
    """The parts a person may open."""
    return tuple(part for part in PARTS if staff.scope(part.permission))


def frame_of(staff: SignedInStaff | None, *, path: str, notice: Text | None, office: Node | None = None) -> Frame:
    """The frame of the page at `path`; somebody who is not signed in has no navigation.

    `office` is the office of the page: two windows keep each its own.
    """
    if staff is None:
        return Frame(name="", csrf="", entries=(), notice=notice, path=path)
    entries = tuple(
        NavigationEntry(
            part=part,
            is_current=path == part.path or path.startswith(part.path + "/"),
            address=_address(staff, part, office=office),
        )
        for part in parts_of(staff)
    )
    return Frame(
        name=staff.name,
        csrf=staff.csrf_token,
        entries=entries,
        notice=notice,
        path=path,
        plans_for_an_area=bool(staff.scope(Permission.CAPACITY_WRITE).areas),
        may_close=bool(staff.scope(Permission.CAPACITY_WRITE)),
    )


def _address(staff: SignedInStaff, part: Part, *, office: Node | None) -> str:
    if office is None or not part.is_of_one_office:
        return part.path
    if not staff.scope(part.permission).covers(office):
        return part.path
    return f"{part.path}?office={office.office_id}"


def notice_named(name: str | None) -> Text | None:
    """The notice of this name; an unknown name gives none, so a forged cookie can show no text."""
    return NOTICES.get(name or "")
