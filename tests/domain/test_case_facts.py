"""What else is known of a complaint: kept as it was answered, and nothing that leads to whom nobody may contact."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.flows.cases.complain_facts import QUESTIONS
from desk.acting import Actor
from desk.cases import queries
from desk.cases.categories import CATEGORIES
from desk.cases.facts import ALL, YES, Fact, Form, facts_of, kept
from desk.cases.models import Case
from desk.cases.rules import Contact
from desk.cases.stored import read_facts
from desk.erasure.actions import erase
from desk.language import fact_labels
from desk.language.language import Language
from desk.language.text import Locale
from desk.organisation import EVERYWHERE
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.keys import KEYS
from tests.makers import NOW, make_conversation, make_office
from tests.makers_cases import file_complaint

CALL = {"safe": "no", "may_call": YES, "caller": "woman", "phone": "+989121234567"}


def test_every_fact_is_asked_named_and_answered_in_words() -> None:
    asked = {fact.code for category in CATEGORIES for fact in facts_of(category)}
    assert asked == set(ALL) == set(QUESTIONS) == set(fact_labels.FACTS)
    language = Language.load()
    for fact in ALL.values():
        labels = fact_labels.ANSWERS.get(fact.code, {})
        assert set(labels) == set(fact.choices)
        for locale in Locale:
            said = [language.plain(label, locale) for label in labels.values()]
            assert len(set(said)) == len(said)


def test_a_question_leaves_room_to_pass_over_it_and_all() -> None:
    assert all(len(fact.choices) <= 3 for fact in ALL.values())
    for category in ("VIOLENCE", "THREAT", "HARASSMENT"):
        assert [fact.code for fact in facts_of(category) if fact.comes_first] == ["safe"]


@pytest.mark.parametrize("contact", list(Contact))
def test_nothing_leads_to_whom_nobody_may_contact(contact: Contact) -> None:
    found = kept("VIOLENCE", CALL, contact=contact)
    assert found == ({"safe": "no"} if contact is Contact.NOBODY else CALL)
    codes = {"answer_code": "893080597", "promised_day": "2026-11-20"}
    late = kept("LATE_ANSWER", codes, contact=contact)
    assert late == ({"promised_day": "2026-11-20"} if contact is Contact.NOBODY else codes)


def test_only_what_the_kind_asks_is_kept_and_only_while_it_fits() -> None:
    assert kept("NO_DESK", CALL, contact=Contact.CODE) == {}
    assert kept("VIOLENCE", {**CALL, "may_call": "no"}, contact=Contact.CODE) == {"safe": "no", "may_call": "no"}
    for code, wrong in (("safe", "perhaps"), ("phone", "12"), ("caller", " ")):
        with pytest.raises(ValueError, match=r".+"):
            kept("VIOLENCE", CALL | {code: wrong}, contact=Contact.CODE)
    with pytest.raises(ValueError, match=r".+"):
        kept("LATE_ANSWER", {"promised_day": "soon"}, contact=Contact.CODE)


@pytest.mark.parametrize("fact", ALL.values(), ids=lambda fact: fact.code)
def test_an_answer_is_shown_as_the_person_would_say_it(fact: Fact) -> None:
    samples = {Form.DAY: "2026-11-20", Form.PHONE: "+989121234567", Form.CODE: "893080597", Form.WORDS: "اتاق"}
    value = samples.get(fact.form) or fact.choices[0]
    shown = Language.load().plain(fact_labels.answer(fact.code, value), Locale.FA)
    assert shown != value or fact.form is Form.WORDS


async def test_facts_are_kept_with_the_case_in_the_order_of_asking(storage: Storage) -> None:
    filed = await storage.write(file_complaint, category="VIOLENCE", facts=dict(reversed(CALL.items())))
    found = await storage.read(queries.thread, case_id=filed.case_id, for_staff=True, scope=EVERYWHERE)
    assert found is not None
    assert list(found.case.facts.items()) == list(CALL.items())
    nobody = await storage.write(file_complaint, category="VIOLENCE", facts=CALL, contact=Contact.NOBODY)
    stored = await storage.read(lambda session: session.get_one(Case, nobody.case_id))
    assert read_facts(KEYS, stored.facts_sealed, id=stored.id) == {"safe": "no"}


def test_who_erases_and_leaves_the_complaint_leaves_no_number_with_it(session: WriteSession) -> None:
    """They had asked for a call; under nobody the number alone would lead to them."""
    chat = make_conversation(session)
    facts = {"safe": "no", "by_whom": "office", "may_call": "yes", "caller": "woman", "phone": "+989121234567"}
    file_complaint(session, office=make_office(session), conversation=chat, category="VIOLENCE", facts=facts)

    erase(session, actor=Actor.chat(chat.id), keeps_complaints=True, now=NOW)

    (case,) = session.scalars(select(Case)).all()
    assert (case.contact, case.conversation_id) == (Contact.NOBODY, None)
    assert read_facts(session.keys, case.facts_sealed, id=case.id) == {"safe": "no", "by_whom": "office"}
