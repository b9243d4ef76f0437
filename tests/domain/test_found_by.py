"""The inbox is searched by folded words beside the case, never by the texts themselves, and only within reach."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from desk.acting import Actor
from desk.cases import actions
from desk.cases.inbox import CaseFilter, inbox
from desk.cases.models import CaseWord
from desk.cases.queries import by_code
from desk.cases.refusals import CodeTaken
from desk.cases.rules import Contact
from desk.codes import TrackingCode
from desk.erasure.actions import erase
from desk.organisation import Scope, office, province
from desk.staff.permissions import Role
from desk.storage.base import KEYS as HELD_KEYS
from desk.storage.base import WriteSession
from desk.storage.encryption import Keys
from desk.storage.engine import Storage
from desk.verify import verify
from tests.keys import KEY
from tests.makers import NOW, by_staff, make_conversation, make_office, make_staff
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
