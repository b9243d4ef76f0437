"""The inbox is searched by folded words beside the case, never by the texts themselves, and only within reach."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.acting import SYSTEM, Actor
from desk.cases import actions, found_by
from desk.cases.inbox import CaseFilter, inbox
from desk.cases.models import Case, CaseWord
from desk.cases.queries import by_code
from desk.cases.refusals import CodeTaken
from desk.cases.rules import Contact
from desk.codes import TrackingCode
from desk.erasure.actions import erase
from desk.language.text import Localised
from desk.offices.actions import save_office
from desk.offices.rules import OfficeKind
from desk.organisation import EVERYWHERE, Scope, office, province
from desk.staff.permissions import Role
from desk.storage.base import KEYS as HELD_KEYS
from desk.storage.base import WriteSession
from desk.storage.encryption import Keys
from desk.storage.engine import Storage
from desk.verify import verify
from tests.keys import KEY
from tests.makers import NOW, by_staff, make_conversation, make_office, make_staff
from tests.makers_areas import make_province
from tests.makers_cases import ask_question, case_code, file_complaint

KARAJ = Scope.of(province("IR-30"))
MASHHAD = Scope.of(province("IR-09"))

STORY = "برای کارت آمایش ۱۵۰ هزار تومان گرفتند؛ خانم شكايت‌دار می‌گفت Money بدهید."
TYPED = (
    ("آمایش", True),
    ("امایش", True),
    ("کارت آمايش", True),
    ("150", True),
    ("۱۵۰", True),
    ("money", True),
    ("MONEY", True),
    ("شکایت", True),
    ("شکایت دار", True),
    ("شکایتدار", True),
    ("گل آغا", True),
    ("گل‌آغا", True),
    ("گلآغا", True),
    ("گل‌آقا", False),
    ("تومان هزار", True),
    ("برقکار", False),
    ("72-1101", True),
    ("72‑1101", True),
    ("یاسمن", True),
    ("مریم", True),
    ("تومان دلال", False),
    ("؟!", False),
)
"""What is typed, and whether it finds the one case."""


def fill(session: WriteSession) -> int:
    """A complaint about an office of Karaj with a colleague in charge, and another elsewhere; the first one's id."""
    office = make_office(session, code="72-1101", name="دفتر یاسمن")
    other = make_office(session, code="72-2201", province_code="IR-09", city="مشهد", name="دفتر طرق")
    member = make_staff(session, role=Role.PROVINCE_OFFICER, name="مریم کاظمی", province_code="IR-30")
    case = file_complaint(session, office=office, name="گل‌آغا رحیمی", text=STORY).case_id
    by_staff(actions.assign)(session, case_id=case, to_staff_id=member.id, staff_id=member.id, now=NOW)
    file_complaint(session, office=other, name="نادر یعقوبی", text="کسی پلاک نمی‌داد.")
    return case


async def test_a_case_is_found_as_people_write(storage: Storage) -> None:
    case = await storage.write(fill)
    missed = []
    for typed, is_found in TYPED:
        page = await storage.read(inbox, scope=KARAJ, wanted=CaseFilter(words=typed), now=NOW)
        if [row.id for row in page.rows] != ([case] if is_found else []):
            missed.append(typed)
    assert missed == []


async def test_a_whole_code_finds_its_case_however_it_is_grouped_and_a_part_does_not(storage: Storage) -> None:
    case = await storage.write(fill)
    (row,) = (await storage.read(inbox, scope=KARAJ, now=NOW)).rows
    persian = row.code.digits.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    for typed, found in (
        (row.code.digits, [case]),
        (row.code.grouped, [case]),
        (persian, [case]),
        (row.code.digits[:-1], []),
        (row.code.digits[2:8], []),
        (case_code().digits, []),
    ):
        page = await storage.read(inbox, scope=KARAJ, wanted=CaseFilter(words=typed), now=NOW)
        assert [each.id for each in page.rows] == found, typed
    assert (await storage.read(inbox, scope=MASHHAD, wanted=CaseFilter(words=persian), now=NOW)).rows == ()


@pytest.mark.parametrize("length", [9, 12])
def test_a_case_of_before_a_change_of_the_key_is_found_by_its_code_and_no_other_gets_it(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    code = TrackingCode("893080597") if length == 9 else case_code()
    filed = file_complaint(session, office=make_office(session), code=code)
    monkeypatch.setitem(session.info, HELD_KEYS, Keys(b"n" * 32, [b"another" + bytes(25)]))
    assert by_code(session, code=code) is None, "the key of before is not among these"
    monkeypatch.setitem(session.info, HELD_KEYS, Keys(b"n" * 32, [KEY]))
    found = by_code(session, code=code)
    assert found is not None
    assert (found.id, found.code) == (filed.case_id, code)
    with pytest.raises(CodeTaken):
        file_complaint(session, code=code)
    with pytest.raises(CodeTaken):
        file_complaint(session, code=code, contact=Contact.NOBODY)


async def test_what_lies_beyond_the_reach_is_not_found(storage: Storage) -> None:
    await storage.write(fill)
    assert (await storage.read(inbox, scope=MASHHAD, wanted=CaseFilter(words="آمایش"), now=NOW)).rows == ()
    own = Scope.of(office(1, area="/IR-30/"), office(2, area="/IR-30/"))
    assert (await storage.read(inbox, scope=own, wanted=CaseFilter(words="آمایش"), now=NOW)).rows == (), (
        "the office complained of"
    )


async def test_a_note_and_a_reply_are_found_and_erasing_leaves_no_word(storage: Storage) -> None:
    def talk(session: WriteSession) -> tuple[int, int]:
        chat = make_conversation(session)
        member = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30")
        case = ask_question(session, province_code="IR-30", conversation=chat, text="برای کودک هم لازم است؟").case_id
        by_staff(actions.note)(session, case_id=case, staff_id=member.id, text="تلفنی پرسیدیم", now=NOW)
        by_staff(actions.reply)(session, case_id=case, staff_id=member.id, text="بله، خودش بیاید", now=NOW)
        return case, chat.id

    case, chat = await storage.write(talk)
    for typed in ("کودک", "تلفنی", "خودش"):
        assert [
            row.id for row in (await storage.read(inbox, scope=KARAJ, wanted=CaseFilter(words=typed), now=NOW)).rows
        ] == [case]
    await storage.write(erase, actor=Actor.chat(chat), now=NOW)
    assert await storage.read(lambda session: session.scalars(select(CaseWord.mark)).all()) == []
    assert await storage.read(verify) == []


async def test_after_the_move_of_an_office_its_cases_are_found_where_it_is(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question, its answer and a note; a second question, in the next batch; one elsewhere keeps its words."""
    monkeypatch.setattr(found_by, "AT_ONCE", 1)

    def fill(session: WriteSession) -> tuple[int, int, int]:
        make_province(session, code="IR-09")
        moving, staying = make_office(session, code="72-1101"), make_office(session, code="72-1102")
        case = ask_question(session, office=moving, text="برای کودک پلاک لازم است؟").case_id
        second = ask_question(session, office=moving, text="برقکار بیمه می‌شود؟").case_id
        ask_question(session, office=staying, text="آرایشگر چطور؟")
        member = make_staff(session, role=Role.ADMINISTRATOR)
        by_staff(actions.note)(session, case_id=case, staff_id=member.id, text="تلفنی پرسیدیم", now=NOW)
        by_staff(actions.reply)(session, case_id=case, staff_id=member.id, text="بله، خودش بیاید", now=NOW)
        return moving.id, case, second

    def move(session: WriteSession) -> None:
        save_office(
            session,
            office_id=moving,
            code="72-2201",
            kind=OfficeKind.KEFALAT,
            province_code="IR-09",
            city=Localised({"fa": "مشهد"}),
            name=Localised({"fa": "دفتر طرق"}),
            actor=SYSTEM,
            now=NOW,
        )

    def marks(session: Session) -> set[tuple[int, int]]:
        return {(row.case_id, row.mark) for row in session.execute(select(CaseWord.case_id, CaseWord.mark))}

    def made_anew(session: WriteSession) -> set[tuple[int, int]]:
        found_by.index_anew(session, session.scalars(select(Case.id)).all())
        return marks(session)

    moving, case, second = await storage.write(fill)
    await storage.write(move)
    there = Scope.of(office(moving, area="/IR-09/"))
    found = {}
    for name, scope in (("nation", EVERYWHERE), ("province", MASHHAD), ("office", there), ("before", KARAJ)):
        for typed in ("کودک", "تلفنی", "خودش", "برقکار", "آرایشگر"):
            page = await storage.read(inbox, scope=scope, wanted=CaseFilter(words=typed), now=NOW)
            found[name, typed] = [row.id for row in page.rows]
    for name in ("nation", "province", "office"):
        assert [found[name, typed] for typed in ("کودک", "تلفنی", "خودش", "برقکار")] == [
            [case],
            [case],
            [case],
            [second],
        ]
    assert [len(found[name, "آرایشگر"]) for name in ("nation", "province", "office", "before")] == [1, 0, 0, 1]
    assert [found["before", typed] for typed in ("کودک", "برقکار")] == [[], []]
    was = await storage.read(marks)
    assert await storage.write(made_anew) == was, "no mark of the place of before is left"


DECIDE = {"handler_office_id", "handler_province_code", "contact", "name_sealed", "text_sealed"}
"""The columns of a case and its entries that decide by which words it is found, and in which index."""
FOLLOWED = {
    ("privacy.py", "name_sealed"): "empties the case, and all its words are deleted",
    ("privacy.py", "text_sealed"): "empties the case, and all its words are deleted",
}
"""Where stored values of these are changed, and how the words follow; a new place calls `found_by.index_anew`."""


def changed_columns() -> set[tuple[str, str]]:
    """The columns that an UPDATE in `desk/cases` names, with their file."""
    found = set()
    for path in Path(found_by.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "values":
                named = {each.arg for each in node.keywords}
                found |= {(path.name, name) for name in named & DECIDE if name is not None}
    return found


def test_whatever_decides_by_which_words_a_case_is_found_takes_its_words_along() -> None:
    assert changed_columns() == set(FOLLOWED)
