"""The inbox is searched by folded words beside the case, never by the texts themselves, and only within reach."""

from __future__ import annotations

from sqlalchemy import select

from desk.acting import Actor
from desk.cases import actions
from desk.cases.inbox import CaseFilter, inbox
from desk.cases.models import CaseWord
from desk.erasure.actions import erase
from desk.organisation import Scope, office, province
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.makers import NOW, by_staff, make_conversation, make_office, make_staff
from tests.makers_cases import ask_question, file_complaint

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


async def test_a_part_of_a_code_finds_its_case_and_a_digit_does_not(storage: Storage) -> None:
    case = await storage.write(fill)
    (row,) = (await storage.read(inbox, scope=KARAJ, now=NOW)).rows
    for typed in (row.code.digits, row.code.digits[2:7], f"{row.code.digits[:3]} {row.code.digits[3:6]}"):
        assert [
            row.id for row in (await storage.read(inbox, scope=KARAJ, wanted=CaseFilter(words=typed), now=NOW)).rows
        ] == [case]
    # Two digits that are in no label of the row, such as the code of its office.
    pairs = (row.code.digits[at : at + 2] for at in range(8))
    few = next(pair for pair in pairs if pair not in "72-1101")
    assert (await storage.read(inbox, scope=KARAJ, wanted=CaseFilter(words=few), now=NOW)).rows == ()


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
