"""A reply before it goes: kept while written, held back by what came meanwhile, asked back about what it holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from desk.acting import Actor
from desk.cases import actions, inbox, queries
from desk.cases.concerns import Concern, concerns_of
from desk.cases.models import Case, CaseDraft, CaseEntry
from desk.cases.refusals import AskedBack, NotYourCase, PersonErased, WrittenSince
from desk.cases.rules import CaseState, CloseReason, EntryKind
from desk.erasure.actions import erase
from desk.organisation import EVERYWHERE, Scope, province
from desk.outbox.models import OutboxMessage
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from tests.makers import NOW, acting, by_staff, make_conversation, make_office, make_staff
from tests.makers_cases import drafts, file_complaint, texts

HOUR = timedelta(hours=1)
NATION = EVERYWHERE


def officer(session: WriteSession) -> int:
    return make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id


def a_case(session: WriteSession) -> int:
    return file_complaint(session, office=make_office(session)).case_id


def last_line(session: WriteSession, case: int) -> int:
    return session.scalar(select(func.max(CaseEntry.place)).where(CaseEntry.case_id == case)) or 0


def test_a_draft_is_its_writers_alone_and_goes_when_it_is_sent(session: WriteSession) -> None:
    one, other, case = officer(session), officer(session), a_case(session)
    for text in ("سلام", "سلام، گزارش شما را"):
        by_staff(actions.keep_draft)(session, case_id=case, staff_id=one, text=text, now=NOW)

    mine = queries.draft(session, case_id=case, actor=acting(one))
    assert mine is not None
    assert mine.text == "سلام، گزارش شما را"
    assert queries.draft(session, case_id=case, actor=acting(other)) is None
    seen = last_line(session, case)
    by_staff(actions.reply)(session, case_id=case, staff_id=one, text="سلام، گزارش شما را خواندیم", seen=seen, now=NOW)
    assert queries.draft(session, case_id=case, actor=acting(one)) is None
    # The page saves once more, a moment behind its own sending.
    by_staff(actions.keep_draft)(
        session, case_id=case, staff_id=one, text="سلام، گزارش شما را خواندیم", seen=seen, now=NOW
    )
    assert queries.draft(session, case_id=case, actor=acting(one)) is None


def test_a_save_that_comes_behind_the_sending_brings_no_draft_back(session: WriteSession) -> None:
    """What was saved in the middle of writing is on its way more slowly than the whole reply."""
    one, case = officer(session), a_case(session)
    seen = last_line(session, case)
    by_staff(actions.reply)(
        session, case_id=case, staff_id=one, text="سلام، ۱۰۰% گزارش شما را خواندیم", seen=seen, now=NOW
    )
    by_staff(actions.keep_draft)(session, case_id=case, staff_id=one, text="سلام، ۱۰۰%", seen=seen, now=NOW)
    assert queries.draft(session, case_id=case, actor=acting(one)) is None

    # What begins otherwise, or is begun on a page that shows the reply, is a draft.
    for text, shown in (("سلام دوباره", seen), ("سلام", last_line(session, case))):
        by_staff(actions.keep_draft)(session, case_id=case, staff_id=one, text=text, seen=shown, now=NOW)
        kept = queries.draft(session, case_id=case, actor=acting(one))
        assert kept is not None
        assert kept.text == text


def test_a_colleagues_reply_that_begins_alike_takes_no_draft(session: WriteSession) -> None:
    one, other, case = officer(session), officer(session), a_case(session)
    seen = last_line(session, case)
    by_staff(actions.reply)(
        session, case_id=case, staff_id=other, text="سلام، گزارش شما را خواندیم", seen=seen, now=NOW
    )
    by_staff(actions.keep_draft)(session, case_id=case, staff_id=one, text="سلام، گزارش", seen=seen, now=NOW)
    kept = queries.draft(session, case_id=case, actor=acting(one))
    assert kept is not None
    assert kept.text == "سلام، گزارش"


def test_a_draft_is_kept_by_who_may_answer_only_and_not_for_ever(session: WriteSession) -> None:
    stranger = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-09").id
    one, case, kept = officer(session), a_case(session), a_case(session)

    with pytest.raises(NotYourCase):
        by_staff(actions.keep_draft)(session, case_id=case, staff_id=stranger, text="سلام", now=NOW)
    by_staff(actions.keep_draft)(session, case_id=case, staff_id=one, text="سلام", now=NOW)
    by_staff(actions.keep_draft)(session, case_id=kept, staff_id=one, text="سلام", now=NOW + HOUR)

    assert actions.forget_old_drafts(session, before=NOW + HOUR, limit=9) == 1
    assert session.scalars(select(CaseDraft.case_id)).all() == [kept]
    by_staff(actions.keep_draft)(session, case_id=kept, staff_id=one, text="  ", now=NOW)
    assert session.scalars(select(CaseDraft.case_id)).all() == []


def test_erasing_the_persons_data_takes_the_drafts_along(session: WriteSession) -> None:
    chat = make_conversation(session)
    case = file_complaint(session, office=make_office(session), conversation=chat).case_id
    by_staff(actions.keep_draft)(session, case_id=case, staff_id=officer(session), text="آقای گل‌آقا", now=NOW)

    erase(session, actor=Actor.chat(chat.id), now=NOW)

    assert drafts(session) == []


def test_after_the_erasing_nothing_is_written_that_no_second_one_would_reach(session: WriteSession) -> None:
    chat, one = make_conversation(session), officer(session)
    case = file_complaint(session, office=make_office(session), conversation=chat).case_id
    erase(session, actor=Actor.chat(chat.id), now=NOW)
    session.expire_all()
    late: tuple[Callable[[], object], ...] = (
        # The page was open and saves by itself what is written there.
        lambda: by_staff(actions.keep_draft)(session, case_id=case, staff_id=one, text="آقای گل‌آقا", now=NOW),
        lambda: by_staff(actions.note)(session, case_id=case, staff_id=one, text="آقای گل‌آقا", now=NOW),
        lambda: by_staff(actions.reopen)(session, case_id=case, staff_id=one, now=NOW),
    )
    for write in late:
        with pytest.raises(PersonErased):
            write()
    by_staff(actions.keep_draft)(session, case_id=case, staff_id=one, text="", now=NOW)
    assert drafts(session) == []
    assert [each for each in texts(session) if each] == []


def test_of_two_contradicting_replies_only_the_first_goes_out_unseen(session: WriteSession) -> None:
    one, other, case = officer(session), officer(session), a_case(session)
    seen = last_line(session, case)
    by_staff(actions.reply)(session, case_id=case, staff_id=one, text="پول را پس می‌دهند.", seen=seen, now=NOW)

    with pytest.raises(WrittenSince):
        by_staff(actions.reply)(session, case_id=case, staff_id=other, text="پول را پس نمی‌دهند.", seen=seen, now=NOW)
    with pytest.raises(WrittenSince):
        by_staff(actions.close)(
            session, case_id=case, staff_id=other, reason=CloseReason.NOT_OURS, text="نه", seen=seen, now=NOW
        )
    assert texts(session, CaseEntry.kind == EntryKind.REPLY) == ["پول را پس می‌دهند."]
    by_staff(actions.reply)(
        session, case_id=case, staff_id=other, text="پول را پس نمی‌دهند.", seen=last_line(session, case), now=NOW
    )
    assert len(texts(session, CaseEntry.kind == EntryKind.REPLY)) == 2


def test_what_the_person_or_a_colleague_wrote_holds_a_reply_back_and_ones_own_note_does_not(
    session: WriteSession,
) -> None:
    one, other, case = officer(session), officer(session), a_case(session)
    chat = session.scalars(select(Case.conversation_id).where(Case.id == case)).one()
    seen = last_line(session, case)
    by_staff(actions.note)(session, case_id=case, staff_id=one, text="زنگ زدم", now=NOW)
    by_staff(actions.assign)(session, case_id=case, to_staff_id=other, staff_id=other, now=NOW)
    by_staff(actions.reply)(session, case_id=case, staff_id=one, text="یک", seen=seen, now=NOW)

    seen = last_line(session, case)
    by_staff(actions.note)(session, case_id=case, staff_id=other, text="پاسخ ندهید", now=NOW)
    with pytest.raises(WrittenSince):
        by_staff(actions.reply)(session, case_id=case, staff_id=one, text="دو", seen=seen, now=NOW)
    seen = last_line(session, case)
    actions.say_more(session, idem_key="more", case_id=case, actor=Actor.chat(chat), text="حل شد", voice=None, now=NOW)
    with pytest.raises(WrittenSince):
        by_staff(actions.reply)(session, case_id=case, staff_id=one, text="دو", seen=seen, now=NOW)


def test_an_objection_without_a_word_holds_a_reply_back_too(session: WriteSession) -> None:
    one, case = officer(session), a_case(session)
    chat = session.scalars(select(Case.conversation_id).where(Case.id == case)).one()
    by_staff(actions.reply)(session, case_id=case, staff_id=one, text="پول را پس می‌دهند.", now=NOW)
    seen = last_line(session, case)
    actions.object_to(session, idem_key="o", case_id=case, actor=Actor.chat(chat), now=NOW)
    with pytest.raises(WrittenSince):
        by_staff(actions.reply)(session, case_id=case, staff_id=one, text="کار تمام است.", seen=seen, now=NOW)


def test_a_note_sent_twice_is_one_note(session: WriteSession) -> None:
    one, case = officer(session), a_case(session)
    for _ in range(2):
        by_staff(actions.note)(session, case_id=case, staff_id=one, text="زنگ زدم", idem_key="note:1:k", now=NOW)
    notes = select(func.count()).where(CaseEntry.kind == EntryKind.NOTE)
    assert session.scalar(notes) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("لطفاً کپی کارت آمایش را بفرستید.", {Concern.COPIES}),
        ("نیازی به کپی نیست؛ اصل کارت را بیاورید.", set()),
        ("مبلغ را به ۶۰۳۷۹۹۱۱۲۲۳۳۴۴۵۵ واریز کنید.", {Concern.CARD_NUMBER}),
        ("مبلغ را به ۶۰۳۷ ۹۹۱۱ ۲۲۳۳ ۴۴۵۵ واریز کنید.", {Concern.CARD_NUMBER}),
        ("6037-9911-2233-4455", {Concern.CARD_NUMBER}),
        ("٦٠٣٧\u200c٩٩١١\u200c٢٢٣٣\u200c٤٤٥٥", {Concern.CARD_NUMBER}),
        ("شبا: IR۰۶ ۰۹۶۰ ۰۰۰۰ ۰۰۱۰ ۰۳۲۴ ۲۰۰۰ ۰۱", {Concern.CARD_NUMBER}),
        ("کد پیگیری شما ۱۲۳۴۵۶۷۸۹ و تلفن دفتر ۰۲۶۳۴۵۶۷۸۹۰ است.", set()),
        ("روز ۱۴۰۵/۰۸/۳۰ ساعت ۱۰:۳۰ با ۲۷۰ هزار تومان بیایید.", set()),
        ("شمارهٔ کارت بانکی را بفرستید.", {Concern.CARD_ASKED}),
        ("شماره‌ی كارت‌تان چيست؟", {Concern.CARD_ASKED}),
        ("شمارۀ ۱۶ رقمی کارت خود را بنویسید", {Concern.CARD_ASKED}),
        ("رسید کارت به کارت بفرستید.", {Concern.CARD_ASKED}),
        ("رسید کارت‌به‌کارت بفرستید.", {Concern.CARD_ASKED}),
        ("لطفاً شماره شبا و نام صاحب حساب را بنویسید.", {Concern.CARD_ASKED}),
        ("نمبر کارت تان را روان کنید.", {Concern.CARD_ASKED}),
        ("نمبر حساب بانکی را بنویسید", {Concern.CARD_ASKED}),
        ("Please send your card number.", {Concern.CARD_ASKED}),
        ("شمارهٔ کارت را بنویسید. پول ندهید.", {Concern.CARD_ASKED}),
        ("کپی پاسپورت بیاورید", {Concern.COPIES}),
        ("کاپی پاسپورت را روان کنید", {Concern.COPIES}),
        ("عکس کارت آمایش را بفرستید", {Concern.COPIES}),
        ("عكس‌هاي مدارک را روان کنید", {Concern.COPIES}),
        ("کپی پاسپورت و شمارهٔ کارت بانکی را بیاورید", {Concern.COPIES, Concern.CARD_ASKED}),
        ("کپی را برای پرونده بیاورید.", {Concern.COPIES}),
        ("کپی لازم نیست. اصل پاسپورت را بیاورید.", set()),
        ("شمارهٔ کارت خود را به کسی ندهید.", set()),
        ("هیچ‌کس نباید شمارهٔ کارت شما را بخواهد.", set()),
        ("کارت به کارت نکنید؛ با کارت‌خوان دفتر بپردازید.", set()),
        ("شمارهٔ کارت آمایش شما درست ثبت شده است.", set()),
        ("با کارت بانکی بپردازید و رسید بگیرید.", set()),
    ],
)
def test_copies_and_card_numbers_are_found_however_they_are_written(text: str, found: set[Concern]) -> None:
    assert concerns_of(text) == found


def test_what_is_asked_back_goes_out_only_when_it_was_accepted(session: WriteSession) -> None:
    one, case = officer(session), a_case(session)
    text = "کپی گذرنامه را بیاورید."

    with pytest.raises(AskedBack) as refused:
        by_staff(actions.reply)(session, case_id=case, staff_id=one, text=text, now=NOW)
    assert refused.value.concerns == {Concern.COPIES}
    with pytest.raises(AskedBack):
        by_staff(actions.close)(session, case_id=case, staff_id=one, reason=CloseReason.NOT_OURS, text=text, now=NOW)
    by_staff(actions.reply)(
        session, case_id=case, staff_id=one, text=text, accepted=frozenset({Concern.COPIES}), now=NOW
    )


def test_sending_and_closing_tells_the_person_both_once(session: WriteSession) -> None:
    one, case = officer(session), a_case(session)
    for _ in range(2):
        by_staff(actions.reply)(
            session, case_id=case, staff_id=one, text="پول را پس می‌دهند.", then_close=True, idem_key="k", now=NOW
        )

    assert session.scalars(select(Case.state)).one() is CaseState.CLOSED
    assert session.scalars(select(Case.close_reason)).one() is CloseReason.ANSWERED
    assert session.scalars(select(OutboxMessage.notice).order_by(OutboxMessage.id)).all() == [
        "case_reply",
        "case_closed",
    ]


def test_the_next_case_is_the_one_behind_in_the_inbox(session: WriteSession) -> None:
    office = make_office(session)
    ids = [file_complaint(session, office=office, now=NOW + each * HOUR).case_id for each in range(4)]
    session.execute(update(Case).where(Case.id == ids[2]).values(state=CaseState.ANSWERED))

    def after(case: int) -> int | None:
        return inbox.next_case(session, scope=NATION, after=case)

    assert [after(ids[0]), after(ids[1]), after(ids[3])] == [ids[1], ids[3], ids[0]]
    assert after(ids[2]) in ids
    assert inbox.next_case(session, scope=Scope.of(province("IR-09")), after=ids[0]) is None
