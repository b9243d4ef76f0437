"""Typed text is stored whole, or refused at the field with the allowed length; no code cuts it."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.datastructures import ImmutableMultiDict
from wtforms import Form

import backoffice
from backoffice.forms.fields import BaseField, Paragraph, Secret, TextLine
from desk import refusals
from desk.acting import SYSTEM
from desk.staff import actions as staff
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests import makers
from tests.backoffice.conftest import Site
from tests.makers import NOW

DESK = Path(refusals.__file__).parent
CUTS = re.compile(r"\b(?:text|name|reason|note|title|words|keywords|answer\.\w+|fields\.\w+|strip\(\))\)?\[:\w+\]")
MACHINES = {"conversations/actions.py", "outbox/actions.py"}
"""Where the reason is what a messenger's interface said, which nobody typed."""


def every_form() -> Iterator[type[Form]]:
    """The forms of the back office."""
    for module in pkgutil.walk_packages(backoffice.__path__, "backoffice."):
        found = vars(importlib.import_module(module.name)).values()
        yield from (each for each in found if isinstance(each, type) and issubclass(each, Form) and each is not Form)


def typed_fields() -> Iterator[tuple[type[Form], str]]:
    """Each field of each form that takes typed text."""
    for form in set(every_form()):
        yield from (
            (form, name) for name, field in form()._fields.items() if type(field) in {TextLine, Paragraph, Secret}
        )


TYPED = sorted(typed_fields(), key=str)


@pytest.mark.parametrize(("form", "name"), TYPED, ids=lambda each: each if isinstance(each, str) else each.__name__)
def test_a_letter_too_many_is_refused_and_said(form: type[Form], name: str) -> None:
    field = form()[name]
    assert isinstance(field, BaseField)

    for letters, is_long in ((field.longest, False), (field.longest + 1, True)):
        filled = form(ImmutableMultiDict([(name, "ب" * letters)]))
        filled.validate()
        sent = filled[name]
        assert isinstance(sent, BaseField)
        said = [reason for reason in sent.reasons if dict(reason.params).get("n") == field.longest]
        assert bool(said) is is_long
        assert not is_long or sent.typed == "ب" * letters or field.kind == "secret"


def test_there_are_fields_to_ask() -> None:
    assert len(TYPED) > 30


def test_nothing_in_the_desk_cuts_what_somebody_typed() -> None:
    cuts = [
        f"{path.relative_to(DESK)}:{number}: {line.strip()}"
        for path in sorted(DESK.rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if CUTS.search(line) and str(path.relative_to(DESK)) not in MACHINES
        if path.name in {"actions.py", "changes.py", "filing.py", "booking.py"} and "people" not in path.parts
    ]

    assert cuts == []


def test_the_search_for_cuts_finds_one() -> None:
    """To compare: the search finds a line that cuts a text."""
    assert CUTS.search('"name": name.strip()[:80],')
    assert CUTS.search("exception.reason = counters, reason[:200]")
    assert CUTS.search("service.keywords = fold(fields.keywords)[:400]")


@pytest.mark.sqlite
async def test_a_name_is_refused_and_not_cut(storage: Storage) -> None:
    def act(session: WriteSession) -> None:
        member = makers.make_staff(session)
        staff.update_member(session, member_id=member.id, name="ب" * 81, roles=[], actor=SYSTEM, now=NOW)

    with pytest.raises(refusals.TooLong) as told:
        await storage.write(act)
    assert told.value.most == 80


@pytest.mark.sqlite
async def test_no_field_lets_the_browser_cut_a_paste(site: Site) -> None:
    browser = await site.signed_in("admin")
    world = {name: getattr(site.world, name) for name in site.world.__slots__}
    for page in ("/catalogue/{service}/edit", "/offices/{office}", "/inbox/{complaint}", "/staff/{clerk}"):
        text = (await browser.get(page.format(**world))).text
        assert "maxlength" not in text
        assert "data-longest" in text


@pytest.mark.sqlite
async def test_a_long_paste_comes_back_whole_with_its_reason(site: Site) -> None:
    browser = await site.signed_in("province")
    address = f"/inbox/{site.world.complaint}/note"
    pasted = "یک سخن بلند. " * 1000

    answer = await browser.post(address, {"text": pasted})

    assert answer.status_code == 422
    assert pasted.strip() in answer.text
    assert "۳۰۰۰" in answer.text
    assert answer.text.count("autofocus") == 1
