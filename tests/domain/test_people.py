"""Names and numbers are read kindly, the number itself is kept nowhere, and each chat has its own people."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from desk.acting import Actor
from desk.people import actions, queries, rules
from desk.people.models import Person
from desk.people.refusals import NotInYourList
from desk.people.rows import KnownPersonRow
from desk.people.rules import KINDS_ON_BUTTONS, DocumentKind, IdentityDigest
from desk.people.stored import read_last4
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.upsert import table_of
from tests.makers import NOW, make_conversation
from tests.weak_hashes import digest, digest_without_paper

KEY = b"key of the tests"


def remember(
    session: WriteSession,
    *,
    actor: Actor,
    number: str = "4821-7305 96",
    name: str = "گل‌آقا رحیمی",
    kind: DocumentKind = DocumentKind.AMAYESH,
    later: int = 0,
) -> KnownPersonRow:
    return actions.remember(
        session,
        actor=actor,
        name=name,
        nickname=name.split(maxsplit=1)[0],
        document_kind=kind,
        identity=digest(number, kind=kind, key=KEY),
        now=NOW + timedelta(minutes=later),
    )


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  گل‌آقا   رحیمی ", "گل‌آقا رحیمی"),
        ("زهرا", "زهرا"),
        ("Abdul-Rahman O'Neil", "Abdul-Rahman O'Neil"),
        ("محمد 😊 امین", "محمد امین"),
        ("مُحَمَّد", "مُحَمَّد"),
        ("نام\nپدر", "نام پدر"),
        ("ع", None),
        ("زهرا ۱۲", None),
        ("/start", None),
        ("😊😊", None),
        ("آ" * 81, None),
        ("", None),
    ],
)
def test_a_name_is_read(typed: str, name: str | None) -> None:
    assert rules.read_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "nickname"),
    [
        (" پسرم ۲ ", "پسرم ۲"),
        ("👦 علی", "👦 علی"),
        ("👦", None),
        ("", None),
        ("آ" * 41, None),
        ("۱۲۳۴", None),
        ("پسرم ۹۸۷۶۵۴۳۲۱۰۷", None),
        ("دختر ۰۹۱۲ ۳۴۵ ۶۷۸۹", None),
    ],
)
def test_a_nickname_is_read(typed: str, nickname: str | None) -> None:
    assert rules.read_nickname(typed) == nickname


SPELLINGS = ["P01234567", "p 0123-4567", "P۰۱۲۳۴۵۶۷", "P٠١٢٣٤٥٦٧", " p\u200e01\u200c23/45.67 "]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_one_number_in_any_spelling_is_one_person(typed: str) -> None:
    expected = digest("P01234567", kind=DocumentKind.PASSPORT, key=KEY)
    assert digest(typed, kind=DocumentKind.PASSPORT, key=KEY) == expected
    assert expected.last4 == "4567"


def test_arabic_and_persian_letters_are_one_number() -> None:
    assert rules.read_identity_number("ك ي-12") == rules.read_identity_number("کی۱۲")


@pytest.mark.parametrize("typed", ["१२३४५", "১২৩৪৫", "123\u3164456", "1234\u115f", "፩፪፫፬"])
def test_a_number_has_no_second_way_to_be_written(typed: str) -> None:
    assert rules.read_identity_number(typed) is None
    assert rules.has_foreign_digits(typed) is not typed.startswith("123")


def test_a_name_of_letters_nobody_can_see_is_no_name() -> None:
    assert rules.read_name("\u3164\u3164\u3164") is None
    assert rules.read_nickname("\u3164\u2800") is None
    assert rules.read_name("ع\u3164لی") == "علی"
    assert rules.read_name("ع" + "\u0651" * 70 + "لی") == "ع" + "\u0651" * 3 + "لی"


def test_another_number_or_another_key_is_another_hash() -> None:
    first = digest("48217305", kind=DocumentKind.AMAYESH, key=KEY).hash
    assert len(first) == 64
    assert "48217305" not in first
    assert digest("48217306", kind=DocumentKind.AMAYESH, key=KEY).hash != first
    assert digest("48217305", kind=DocumentKind.AMAYESH, key=b"another").hash != first


def test_the_kind_of_paper_makes_no_second_person() -> None:
    hashes = {digest("48217305", kind=kind, key=KEY).hash for kind in DocumentKind if kind is not DocumentKind.NONE}
    assert len(hashes) == 1


@given(st.text(alphabet="0123456789ABCDEFGH", min_size=3, max_size=24).filter(lambda text: any(map(str.isdigit, text))))
def test_at_most_half_of_a_number_and_four_signs_stay_readable(number: str) -> None:
    last4 = digest(number, kind=DocumentKind.OTHER, key=KEY).last4
    assert last4 is not None
    assert number.endswith(last4)
    assert 1 <= len(last4) <= min(4, len(number) // 2)


@pytest.mark.parametrize("typed", ["", "ندارم", "1" * 41, "---"])
def test_what_holds_no_number_has_no_digest(typed: str) -> None:
    assert rules.read_identity_number(typed) is None
    with pytest.raises(ValueError, match="no identity number"):
        digest(typed, kind=DocumentKind.OTHER, key=KEY)


def test_without_a_paper_a_name_is_one_person_in_one_chat() -> None:
    own = digest_without_paper(7, "گل‌آقا رحیمی", KEY)
    assert own.last4 is None
    assert digest_without_paper(7, "گلآقا  رحيمي", KEY) == own
    assert digest_without_paper(8, "گل‌آقا رحیمی", KEY) != own
    assert digest_without_paper(7, "گل‌آقا کریمی", KEY) != own


@pytest.mark.parametrize("typed", ["علی رضایی.", "علی-رضایی", "علی رضایی()", "علی‌رضایی", "علی ’رضايی", "عَلی رضایی"])
def test_signs_between_letters_make_nobody_new(typed: str) -> None:
    name = rules.read_name(typed)
    assert name is not None
    assert digest_without_paper(7, name, KEY) == digest_without_paper(7, "علی رضایی", KEY)


@pytest.mark.parametrize(
    ("number", "kind", "odd"),
    [
        ("4821730596", DocumentKind.AMAYESH, False),
        ("482", DocumentKind.AMAYESH, True),
        ("7", DocumentKind.OTHER, True),
        ("12", DocumentKind.AMAYESH, True),
        ("1111", DocumentKind.AMAYESH, True),
        ("۷۷۷۷۷۷۷۷۷۷", DocumentKind.UNIQUE_CODE, True),
        ("1" + "0" * 39, DocumentKind.AMAYESH, True),
        ("09121234567", DocumentKind.AMAYESH, True),
        ("۰۹۱۲ ۱۲۳ ۴۵ ۶۷", DocumentKind.AMAYESH, True),
        ("+98 (912) 123-45-67", DocumentKind.UNIQUE_CODE, True),
        ("0093701234567", DocumentKind.TAZKIRA, True),
        ("9121234567", DocumentKind.AMAYESH, False),
        ("P0123456", DocumentKind.PASSPORT, False),
        ("گ۰۱۲۳۴۵۶", DocumentKind.PASSPORT, True),
        ("123456789012", DocumentKind.UNIQUE_CODE, False),
        ("1234567890123", DocumentKind.UNIQUE_CODE, True),
        ("1400-0000-00000", DocumentKind.TAZKIRA, False),
        ("", DocumentKind.NONE, False),
        ("هیچ", DocumentKind.OTHER, True),
    ],
)
def test_an_odd_number_is_asked_about_again(number: str, kind: DocumentKind, odd: bool) -> None:
    assert rules.looks_odd(number, kind) is odd


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("شماره من ۱۲۳۴۵۶۷۸ است", "۱۲۳۴۵۶۷۸"),
        ("Passport no P1234 567", "P1234 567"),
        ("A-12 34 56", None),
        ("ک ی ۱۲", None),
        ("P01234567", None),
        ("ندارم", None),
    ],
)
def test_a_number_is_found_among_words(typed: str, number: str | None) -> None:
    assert rules.number_in_words(typed) == number


def test_of_a_single_digit_nothing_stays_readable() -> None:
    assert digest("7", kind=DocumentKind.OTHER, key=KEY).last4 is None


async def test_a_chat_is_told_who_of_its_own_has_a_number(storage: Storage) -> None:
    first = (await storage.write(make_conversation, channel="telegram")).id
    second = (await storage.write(make_conversation, channel="bale")).id
    mine = await storage.write(remember, actor=Actor.chat(first))
    mark = digest("4821730596", kind=DocumentKind.PASSPORT, key=KEY).hash
    found = await storage.read(queries.of_number, conversation_id=first, identity_hash=mark)
    assert found == mine
    assert await storage.read(queries.of_number, conversation_id=second, identity_hash=mark) is None


def test_every_kind_of_paper_has_a_button_once() -> None:
    assert sorted(KINDS_ON_BUTTONS) == sorted(DocumentKind)


async def test_the_same_paper_in_two_chats_is_one_person_with_two_names(storage: Storage) -> None:
    first = (await storage.write(make_conversation, channel="telegram")).id
    second = (await storage.write(make_conversation, channel="bale")).id
    mine = await storage.write(remember, actor=Actor.chat(first), name="گل‌آقا رحیمی")
    theirs = await storage.write(remember, actor=Actor.chat(second), number="۴۸۲۱۷۳۰۵۹۶", name="پدر بزرگ")
    assert mine.person_id == theirs.person_id
    assert [known.name for known in await storage.read(queries.known, conversation_id=first)] == ["گل‌آقا رحیمی"]
    assert [known.name for known in await storage.read(queries.known, conversation_id=second)] == ["پدر بزرگ"]


async def test_two_chats_that_meet_a_person_at_once_make_one(storage: Storage) -> None:
    chats = [(await storage.write(make_conversation)).id for _ in range(5)]
    rows = await asyncio.gather(*(storage.write(remember, actor=Actor.chat(chat)) for chat in chats))
    assert len({row.person_id for row in rows}) == 1
    assert await storage.read(lambda session: session.scalar(select(func.count()).select_from(Person))) == 1


def test_what_another_chat_says_of_the_number_changes_nothing_in_this_one(session: WriteSession) -> None:
    """Else it tells that somebody named the number, and the first books with the kind of paper that the second said."""
    first, second = make_conversation(session).id, make_conversation(session).id
    remember(session, actor=Actor.chat(first))
    session.expire_all()
    before = queries.known(session, conversation_id=first)
    actor, kind = Actor.chat(second), DocumentKind.PASSPORT
    other = remember(session, actor=actor, number="۴۸۲۱ ۷۳۰۵ ۹۶", name="کسی", kind=kind, later=9)
    assert queries.known(session, conversation_id=first) == before
    actions.rename(session, actor=actor, known_id=other.id, nickname="او")
    actions.note_use(session, actor=actor, known_id=other.id, now=NOW + timedelta(minutes=10))
    assert queries.known(session, conversation_id=first) == before
    (theirs,) = queries.known(session, conversation_id=second)
    assert (theirs.person_id, theirs.name, theirs.document_kind) == (before[0].person_id, "کسی", kind)
    actions.forget(session, actor=actor, known_id=other.id, now=NOW)
    assert queries.known(session, conversation_id=first) == before


def test_chats_share_of_a_person_only_what_follows_from_the_number() -> None:
    """A column here is read by every chat that names the number: what a chat says stands in its own list.

    Whether a slip was mended is held of those only behind whom no number stands, or next to none (decision 0059).
    That staff linked it with another paper follows from both numbers, and no chat reads it (decision 0087).
    """
    assert set(table_of(Person).columns.keys()) == {
        *("id", "identity_hash", "last4_sealed", "link_id", "created_at"),
        "is_slip_mended",
    }


def test_remembering_again_takes_the_newer_words(session: WriteSession) -> None:
    chat = make_conversation(session).id
    before = remember(session, actor=Actor.chat(chat), name="گلاقا")
    after = remember(session, actor=Actor.chat(chat), name="گل‌آقا رحیمی", kind=DocumentKind.SMART_ID, later=1)
    assert (after.id, after.person_id) == (before.id, before.person_id)
    (known,) = queries.known(session, conversation_id=chat)
    assert known == after
    assert (known.name, known.document_kind, known.identity_last4) == ("گل‌آقا رحیمی", DocumentKind.SMART_ID, "0596")


def test_a_nickname_that_was_chosen_outlives_another_spelling_of_the_name(session: WriteSession) -> None:
    chat = make_conversation(session).id
    identity = digest("482173", kind=DocumentKind.AMAYESH, key=KEY)

    def named(name: str, nickname: str | None = None) -> str:
        actions.remember(
            session,
            actor=Actor.chat(chat),
            name=name,
            nickname=nickname,
            document_kind=DocumentKind.AMAYESH,
            identity=identity,
            now=NOW,
        )
        (known,) = queries.known(session, conversation_id=chat)
        assert known.name == name
        return known.nickname

    assert named("گلاقا") == "گلاقا"
    assert named("گل‌آقا رحیمی") == "گل‌آقا رحیمی"
    (known,) = queries.known(session, conversation_id=chat)
    actions.rename(session, actor=Actor.chat(chat), known_id=known.id, nickname="بابا")
    assert named("گل‌آقا") == "بابا"
    assert named("گل‌آقا", "پدر") == "پدر"


def test_who_was_used_last_comes_first(session: WriteSession) -> None:
    chat = make_conversation(session).id
    first = remember(session, actor=Actor.chat(chat), number="111111", name="یک")
    remember(session, actor=Actor.chat(chat), number="222222", name="دو", later=1)
    assert [known.name for known in queries.known(session, conversation_id=chat)] == ["دو", "یک"]
    actions.note_use(session, actor=Actor.chat(chat), known_id=first.id, now=NOW + timedelta(hours=1))
    assert [known.name for known in queries.known(session, conversation_id=chat)] == ["یک", "دو"]


def test_a_chat_changes_only_its_own_people(session: WriteSession) -> None:
    own, other = make_conversation(session).id, make_conversation(session).id
    known = remember(session, actor=Actor.chat(own))
    with pytest.raises(NotInYourList):
        actions.rename(session, actor=Actor.chat(other), known_id=known.id, nickname="دزد")
    with pytest.raises(NotInYourList):
        actions.forget(session, actor=Actor.chat(other), known_id=known.id, now=NOW)
    actions.rename(session, actor=Actor.chat(own), known_id=known.id, nickname="بابا")
    (renamed,) = queries.known(session, conversation_id=own)
    assert renamed.nickname == "بابا"
    actions.forget(session, actor=Actor.chat(own), known_id=known.id, now=NOW)
    assert queries.known(session, conversation_id=own) == []


@pytest.mark.requirement("000-03", "A")
def test_no_column_holds_the_number(session: WriteSession) -> None:
    remember(session, actor=Actor.chat(make_conversation(session).id), number="4821730596")
    person = session.scalars(select(Person)).one()
    last4 = read_last4(session.keys, person.last4_sealed, id=person.id)
    identity = IdentityDigest(person.identity_hash, last4)
    assert identity.last4 == "0596"
    assert "4821730" not in identity.hash
