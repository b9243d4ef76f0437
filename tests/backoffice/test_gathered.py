"""The tables collected from the folders of subjects: words for refusals, names of messages, the navigation."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import backoffice
import bot
import desk
from backoffice.layout.frame import PARTS
from backoffice.routes import TABLE
from backoffice.tables import Part, gathered, parts_in_order
from backoffice.web.http import PageRequest, PageResponse, Redirect
from backoffice.web.routing import Route, get_page
from backoffice.wording import MESSAGES, REFUSALS
from desk.acting import OutOfReach, Permission
from desk.appointments.refusals import OneWithoutPaper, TooManyAppointments, TooManyCancelled
from desk.cases.refusals import AskedBack
from desk.consequences.refusals import PeopleAreHit
from desk.language.text import words
from desk.outbox.rules import NoticeKind
from desk.refusals import Refusal
from desk.staff.refusals import PasswordOutlived, TooManyTries, WrongCredentials
from desk.storage.base import ReadSession
from tests.backoffice.reachable import refusals_met, sources

_ = words("test")

ROOT = Path(backoffice.__file__).parent

ANSWERED_BY_ITS_PAGE: dict[type[Refusal], str] = {
    OutOfReach: "web/entry.py",
    AskedBack: "cases/case.py",
    PasswordOutlived: "staff/sign_in.py",
    PeopleAreHit: "consequences/asking_first.py",
    TooManyTries: "staff/sign_in.py",
    WrongCredentials: "staff/sign_in.py",
}
"""Answered with more than a sentence: by the file that catches it."""

ASKED_OF_CHATS_ONLY = {
    OneWithoutPaper: "desk.appointments.room.require_room",
    TooManyAppointments: "desk.appointments.room.require_room",
    TooManyCancelled: "desk.appointments.room.require_room",
}
"""Limits of a chat that books for itself, by the function that raises them; `book` asks nobody else for them.

The source alone does not show that: `tests/domain/test_chat_limits.py` books beyond each of them for a chat.
"""

NO_PART = {
    "/start": ("leads to the first part that somebody has", "layout/base.html"),
    "/account": ("stands below the own name", "layout/base.html"),
    "/changes": ("stands beside the days of an office", "capacity/tabs.html"),
}
"""Pages of the first level that are no part of the navigation: why, and the template that leads to them."""


def without_words(met: Iterable[type[Refusal]]) -> list[str]:
    """The refusals that no subject has words for."""
    answered = REFUSALS.keys() | ANSWERED_BY_ITS_PAGE.keys() | ASKED_OF_CHATS_ONLY.keys()
    return sorted(each.__name__ for each in met if each not in answered)


def without_a_place(table: Iterable[Route], parts: Iterable[Part]) -> list[str]:
    """The pages of the first level that stand neither in the navigation nor among those that need no place there."""
    there = {part.path for part in parts} | NO_PART.keys()
    first = {route.path for route in table if route.read_handler is not None and route.path.count("/") == 1}
    return sorted(first - there)


def test_every_refusal_that_a_page_can_meet_has_words_for_staff() -> None:
    met = refusals_met(sources("desk", "backoffice"))

    assert len(met) > 30
    assert without_words(met) == []
    assert {each: met.get(each) for each in ASKED_OF_CHATS_ONLY} == ASKED_OF_CHATS_ONLY
    assert REFUSALS.keys() <= met.keys(), "words that no page can need"


def test_a_refusal_without_words_is_named() -> None:
    planted = {
        "desk.planted.ending": (
            "from desk.appointments.refusals import NotYours\n"
            "def end(session):\n    if session:\n        raise NotYours(appointment_id=1)\n"
        ),
        "desk.planted.actions": "from desk.planted.ending import end\n__all__ = ['end']\n",
        "backoffice.planted.pages": (
            "from desk.planted import actions\n"
            "async def save(request, backend):\n    await backend.write(actions.end)\n"
        ),
    }

    met = refusals_met({**sources("desk"), **planted})

    assert without_words(met) == ["NotYours"]


@pytest.mark.parametrize("refusal", ANSWERED_BY_ITS_PAGE, ids=lambda refusal: refusal.__name__)
def test_what_has_no_words_here_is_answered_by_its_page(refusal: type[Refusal]) -> None:
    assert refusal not in REFUSALS
    text = (ROOT / ANSWERED_BY_ITS_PAGE[refusal]).read_text(encoding="utf-8")
    assert re.search(rf"except \S*{refusal.__name__}\b", text)


def kinds_of_messages() -> Iterator[NoticeKind]:
    """Whatever anybody can put into the outbox."""
    for room in (desk, bot):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if module.name.endswith((".rules", ".outgoing")):
                importlib.import_module(module.name)
    for kind in NoticeKind.__subclasses__():
        yield from kind


def test_every_kind_of_message_has_a_name_where_it_did_not_arrive() -> None:
    kinds = {kind.value for kind in kinds_of_messages()}

    assert len(kinds) > 10
    assert kinds == {str(kind) for kind in MESSAGES}


def test_every_page_of_the_first_level_has_a_place_in_the_navigation() -> None:
    assert without_a_place(TABLE, PARTS) == []


def test_a_page_without_a_place_is_named() -> None:
    def page(session: ReadSession, request: PageRequest) -> PageResponse:
        return Redirect(to="/")

    table = (*TABLE, get_page("/inspections", Permission.CASES_READ, page))

    assert without_a_place(table, PARTS) == ["/inspections"]
    assert without_a_place(TABLE, PARTS[1:]) == [PARTS[0].path]


@pytest.mark.parametrize("path", NO_PART)
def test_a_page_that_is_no_part_is_reached_from_another_one(path: str) -> None:
    _why, template = NO_PART[path]
    assert f'href="{path}' in (ROOT / "templates" / template).read_text(encoding="utf-8")


def test_a_part_asks_for_the_permission_of_its_page() -> None:
    needs = {route.path: route.needs for route in TABLE if route.method == "GET"}

    assert {part.path: part.permission for part in PARTS} == {part.path: needs[part.path] for part in PARTS}
    assert all(part.path.count("/") == 1 for part in PARTS)


def file_with(**tables: object) -> ModuleType:
    """A file of a subject that holds these tables."""
    file = ModuleType("planted")
    vars(file).update(tables)
    return file


def test_two_parts_in_one_place_are_refused() -> None:
    inspections = Part("/inspections", icon="search", label=_("x"), permission=Permission.CASES_READ, place=10)
    reports = Part("/reports", icon="search", label=_("y"), permission=Permission.CASES_READ, place=10)

    with pytest.raises(ValueError, match="the place 10"):
        parts_in_order((file_with(PARTS=(inspections,)), file_with(PARTS=(reports,))))


def test_words_that_stand_in_two_subjects_are_refused() -> None:
    with pytest.raises(ValueError, match="once more"):
        gathered("NOTICES", files=(file_with(NOTICES={"saved": _("x")}), file_with(NOTICES={"saved": _("y")})))
