"""Complaints and questions in a chat, beside the transcripts: notices that are no longer true, long threads, labels."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.dialogue.heard import Address, Heard, HeardKind, Voice
from bot.dialogue.own_words import added
from bot.dialogue.questions import Taken, Unclear
from bot.dialogue.says import Says
from bot.flows import links
from bot.flows.cases import complain, complain_amount, telling, thread
from bot.flows.cases.complaint import Complaint
from bot.flows.registry import NOTICES
from desk.cases import actions
from desk.cases import chat as cases
from desk.cases.categories import CATEGORIES, GROUPS
from desk.cases.refusals import NotYourCase
from desk.cases.rows import CaseRow
from desk.cases.rules import CaseState, CloseReason, Contact, EntryKind
from desk.conversations.chat import Chat
from desk.conversations.models import Conversation
from desk.conversations.queries import by_id
from desk.language import case_labels
from desk.language.language import Language
from desk.language.text import Locale
from desk.outbox.models import OutboxMessage
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from desk.values import Money
from tests import makers, weak_hashes
from tests.makers import NOW, by_staff
from tests.makers_cases import hand_over
from tests.transcripts.test_transcripts import CHATS

KEY = weak_hashes.keys(b"a key for tests of the chat, 32 b")


def chat_of(session: WriteSession, conversation: Conversation) -> Chat:
    row = by_id(session, conversation_id=conversation.id)
    assert row is not None
    return Chat.of(session, row, now=NOW, identity_key=KEY)


def file(session: WriteSession, desk: Chat, *, contact: Contact = Contact.CODE) -> int:
    filed = cases.complain(
        desk,
        key=f"test.{contact}",
        category="OVERCHARGE",
        office_id=makers.make_office(session).id,
        service_id=None,
        happened_on=None,
        paid=None,
        facts={},
        text="words of the person",
        voice=None,
        contact=contact,
        name="Parwin" if contact is Contact.NAME else None,
    )
    return filed.case_id


def officer(session: WriteSession) -> int:
    return makers.make_staff(session, role=Role.PROVINCE_OFFICER).id


def waiting(session: WriteSession) -> list[tuple[str, dict[str, Any]]]:
    """Notices in the outbox, in order."""
    return [(row.notice, dict(row.params)) for row in session.query(OutboxMessage).order_by(OutboxMessage.id)]


def own_case(desk: Chat, case_id: int) -> CaseRow:
    """A case of this chat."""
    found = cases.case(desk, case_id)
    assert found is not None
    return found


def told(desk: Chat, notice: tuple[str, dict[str, Any]]) -> tuple[Says, ...] | None:
    name, params = notice
    return NOTICES[name](desk, params)


def test_a_change_of_state_that_was_overtaken_is_not_told(session: WriteSession) -> None:
    desk = chat_of(session, makers.make_conversation(session))
    case_id = file(session, desk)
    staff_id = officer(session)
    by_staff(actions.change_state)(session, case_id=case_id, to=CaseState.WITH_UNIT, staff_id=staff_id, now=NOW)
    (first,) = waiting(session)
    assert told(desk, first) is not None
    by_staff(actions.change_state)(session, case_id=case_id, to=CaseState.IN_REVIEW, staff_id=staff_id, now=NOW)
    assert told(desk, first) is None
    assert told(desk, waiting(session)[1]) is not None


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_kind_of_complaint_has_its_transcript(category: str) -> None:
    """From the main page to the code, or to what is said where nothing is filed."""
    path = CHATS / "complain" / "kinds" / f"{category.lower()}.chat"
    told = path.read_text(encoding="utf-8")
    label = Language.load().plain(case_labels.category(category), Locale.FA_AF if "in Dari" in told else Locale.FA)
    assert f"> [{label}]" in told
    if CATEGORIES[category].takes_cases:
        assert f"the case has category {category}" in told
    else:
        assert "0 cases" in told


def test_a_closing_that_was_taken_back_is_not_told(session: WriteSession) -> None:
    desk = chat_of(session, makers.make_conversation(session))
    case_id = file(session, desk)
    staff_id = officer(session)
    by_staff(actions.close)(
        session, case_id=case_id, reason=CloseReason.REPEATED, text=None, staff_id=staff_id, now=NOW
    )
    (closed,) = waiting(session)
    assert told(desk, closed) is not None
    by_staff(actions.reopen)(session, case_id=case_id, staff_id=staff_id, now=NOW)
    assert told(desk, closed) is None
    reopened = waiting(session)[1]
    assert told(desk, reopened) is not None
    by_staff(actions.close)(
        session, case_id=case_id, reason=CloseReason.REPEATED, text=None, staff_id=staff_id, now=NOW
    )
    assert told(desk, reopened) is None


@pytest.mark.requirement("004-06", "A")
def test_a_reply_stays_true_and_is_told_word_for_word_to_its_own_chat_only(session: WriteSession) -> None:
    desk = chat_of(session, makers.make_conversation(session))
    case_id = file(session, desk)
    staff_id = officer(session)
    text = "**Not bold** {no} placeholder"
    by_staff(actions.reply)(session, case_id=case_id, staff_id=staff_id, text=text, now=NOW)
    by_staff(actions.close)(
        session, case_id=case_id, reason=CloseReason.ANSWERED, text=None, staff_id=staff_id, now=NOW
    )
    reply = waiting(session)[0]
    said = told(desk, reply)
    assert said is not None
    assert text in Language.load().plain(said[0].text, Locale.FA)
    assert said[0].stays
    stranger = chat_of(session, makers.make_conversation(session))
    assert told(stranger, reply) is None


def test_under_nobody_there_is_nothing_to_tell_and_no_case_of_the_chat(session: WriteSession) -> None:
    desk = chat_of(session, makers.make_conversation(session))
    case_id = file(session, desk, contact=Contact.NOBODY)
    hand_over(session)
    by_staff(actions.reply)(session, case_id=case_id, staff_id=officer(session), text="an answer", now=NOW)
    assert waiting(session) == []
    assert cases.mine(desk) == []
    assert cases.case(desk, case_id) is None


def test_a_long_thread_is_read_in_pages_from_its_end(session: WriteSession) -> None:
    desk = chat_of(session, makers.make_conversation(session))
    own = own_case(desk, file(session, desk))
    for number in range(6):
        text = f"line {number} " + "x" * 990
        cases.say_more(desk, own, key=f"more.{number}", by_code=False, text=text, voice=None)
    found = cases.thread(desk, own)
    assert found is not None
    skipped = 0
    pages: list[str] = []
    while True:
        page = thread.said(found.entries, by_code=False, skipped=skipped)
        assert page.text is not None
        pages.append(Language.load().plain(page.text, Locale.FA))
        skipped = page.so_far
        if not page.left:
            break
    assert len(pages) == 3
    assert "line 5" in pages[0]
    assert "words of the person" in pages[-1]
    assert sum(page.count("line ") for page in pages) == 6


def test_one_endless_line_is_shown_whole(session: WriteSession) -> None:
    desk = chat_of(session, makers.make_conversation(session))
    case_id = file(session, desk)
    by_staff(actions.reply)(session, case_id=case_id, staff_id=officer(session), text="y" * 6000, now=NOW)
    found = cases.thread(desk, own_case(desk, case_id))
    assert found is not None
    page = thread.said(found.entries, by_code=True)
    assert page.text is not None
    assert "y" * 6000 in Language.load().plain(page.text, Locale.FA)
    assert page.left == 0


def test_by_the_code_alone_only_the_desk_is_heard(session: WriteSession) -> None:
    desk = chat_of(session, makers.make_conversation(session))
    case_id = file(session, desk, contact=Contact.NAME)
    by_staff(actions.reply)(session, case_id=case_id, staff_id=officer(session), text="an answer", now=NOW)
    found = cases.thread(desk, own_case(desk, case_id))
    assert found is not None
    shown = Language.load().plain(thread.said(found.entries, by_code=True).text or "", Locale.FA)
    assert "an answer" in shown
    assert "words of the person" not in shown
    own = Language.load().plain(thread.said(found.entries, by_code=False).text or "", Locale.FA)
    assert "words of the person" in own


def test_a_case_of_another_chat_is_neither_found_nor_written_in(session: WriteSession) -> None:
    desk = chat_of(session, makers.make_conversation(session))
    own = own_case(desk, file(session, desk))
    stranger = chat_of(session, makers.make_conversation(session))
    assert cases.case(stranger, own.id) is None
    assert cases.mine(stranger) == []
    acts: tuple[Callable[[], None], ...] = (
        lambda: cases.say_more(stranger, own, key="m", by_code=False, text="more", voice=None),
        lambda: cases.object_to(stranger, own, key="o", by_code=False, text="no", voice=None),
        lambda: cases.confirm_solved(stranger, own, by_code=False),
        lambda: cases.confirm_solved(stranger, own, by_code=True),  # a named person decides in their own chat
    )
    for act in acts:
        with pytest.raises(NotYourCase):
            act()


def test_nothing_is_done_to_a_case_by_its_number_alone() -> None:
    asked = {name: inspect.signature(each).parameters for name, each in vars(cases).items() if inspect.isfunction(each)}
    by_number = {name for name, parameters in asked.items() if "case_id" in parameters}
    assert by_number == {"case"}


def test_a_late_answer_is_not_called_due_ahead(session: WriteSession) -> None:
    desk = chat_of(session, makers.make_conversation(session))
    case = cases.case(desk, file(session, desk))
    assert case is not None
    assert case.due is not None
    ahead = thread.promise(case, now=NOW)
    late = thread.promise(case, now=case.due.at + timedelta(minutes=1))
    assert ahead is not None
    assert late is not None
    assert ahead != late


def test_a_draft_of_a_voice_note_is_plain_json_without_the_sound() -> None:
    heard = Heard(Address("telegram", "1", "7"), "1", HeardKind.VOICE, voice=Voice("file-1", 7), message_id="5")
    draft = Complaint(details=added(None, heard))  # type: ignore[arg-type]  # there is room for one
    assert json.loads(json.dumps(complain.flow.shape.dump(draft))) == {"details": {"voice": "file-1", "seconds": 7}}
    assert telling.voice_of(draft.details) == Voice("file-1", 7)
    assert telling.text_of(draft.details) is None


@pytest.mark.parametrize(
    ("typed", "fee", "toman", "other"),
    [
        ("۵۰ هزار تومان", None, 50_000, None),
        ("۲۷", None, 27_000, None),
        ("300000", None, 300_000, 30_000),
        ("270000 ریال", 27_000, 27_000, None),
        ("۲۷۰ هزار تومان", 27_000, 270_000, 27_000),
        ("۲۷۰۰ تومان", 27_000, 2_700, 27_000),
        ("۲۷ هزار تومان", 27_000, 27_000, None),
        ("۵۴ هزار تومان", 27_000, 54_000, None),
    ],
)
def test_toman_and_rial_are_told_apart(typed: str, fee: int | None, toman: int, other: int | None) -> None:
    reading = complain_amount.read(typed, fee=Money.from_toman(fee) if fee else None)
    assert reading is not None
    assert reading.sets == {"amount": toman * 10, "other_amount": other * 10 if other else None}  # type: ignore[union-attr]  # taken


@pytest.mark.parametrize("typed", ["", "زیاد", "0", "صفر تومان"])
def test_no_amount_is_no_amount(typed: str) -> None:
    assert complain_amount.read(typed, fee=None) is None


@pytest.mark.parametrize("typed", ["09121234567", "۹۸۷۶۵۴۳۲۱۰۷", "12345678", "۰۹۱۲۱۲۳۴۵۶۷ تومان"])
def test_a_long_figure_without_a_unit_is_asked_again(typed: str) -> None:
    assert complain_amount.read(typed, fee=None) == Unclear(complain_amount.WITH_A_UNIT)


@pytest.mark.parametrize("typed", ["۱۵۰۰۰۰۰۰ تومان", "15,000,000", "۱۵ میلیون تومان"])
def test_a_long_amount_with_a_unit_or_separators_is_one(typed: str) -> None:
    reading = complain_amount.read(typed, fee=None)
    assert isinstance(reading, Taken)
    assert reading.sets["amount"] == 150_000_000


def test_every_value_of_the_desk_has_its_words() -> None:
    assert set(case_labels.GROUPS) == {group.code for group in GROUPS}
    assert set(case_labels.CATEGORIES) == {*CATEGORIES, "QUESTION"}
    assert set(case_labels.IN_FULL) <= set(CATEGORIES)
    assert set(case_labels.CASE_STATES) == {state.value for state in CaseState}
    assert set(case_labels.CONTACTS) == {contact.value for contact in Contact}
    assert set(case_labels.CLOSE_REASONS) == {reason.value for reason in CloseReason}
    assert EntryKind.SAID


@pytest.mark.parametrize("locale", list(Locale))
def test_a_label_fits_its_button(locale: Locale) -> None:
    language = Language.load()
    labels = [
        *case_labels.GROUPS.values(),
        *case_labels.CATEGORIES.values(),
        *case_labels.CASE_STATES.values(),
        *case_labels.CLOSE_REASONS.values(),
    ]
    said = [language.plain(label, locale) for label in labels]
    too_long = [text for text in said if len(text.lstrip("⚠\ufe0f💰🗓👤📄⏳ ")) > 20]
    assert not too_long
    assert not language.missing


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("", 0), ("x", 0), ("-1", 0), ("۱۲", 0), ("1.5", 0), ("9" * 19, 0), ("9" * 400, 0)]
)
def test_a_made_up_argument_of_a_link_is_no_id(text: str, number: int) -> None:
    assert links.id_in(text) == number
