"""The vocabularies of the catalogue, and the check for forbidden demands for copies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise

from desk.reading.folding import fold, folded_words


class ServiceChannel(StrEnum):
    """Where a service is given."""

    PISHKHAN = "pishkhan"
    KEFALAT = "kefalat"
    DIRECTORATE = "directorate"
    OTHER = "other"


class RecordState(StrEnum):
    """Whether somebody in charge has confirmed a record; only confirmed facts are shown."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"


class Audience(StrEnum):
    """Who has to come in person."""

    APPLICANT = "applicant"
    EVERYONE = "everyone"
    HEAD = "head"
    ANY_MEMBER = "any_member"


class PaperProvince(StrEnum):
    """Whether an office serves somebody whose paper was given in another province."""

    ANYWHERE = "anywhere"
    OWN = "own"
    """The paper is served in its own province; elsewhere the person may be sent back, and is told before booking."""
    REFUSED = "refused"
    """As OWN, and no appointment is booked elsewhere."""


def kinds_written(kinds: Iterable[str]) -> str:
    """Kinds of identity paper as a service stores them; "" = every kind."""
    return ",".join(sorted(set(kinds)))


def kinds_read(written: str) -> tuple[str, ...]:
    """The kinds of `kinds_written`."""
    return tuple(filter(None, written.split(",")))


MOST_DAYS_AHEAD = 59
"""More days than these are not made: see `desk.capacity.rules.WINDOW_DAYS`."""
MINUTES_OF_A_DAY = 24 * 60
ASKS_EARLIEST, ASKS_LATEST = 14, 2
"""Days before an appointment between which its person may be asked whether they come; the eve has its reminder."""

SHORT_TITLE_LETTERS = 20
"""The longest short title, so that it fits a button on a small phone."""

_PAPER = r"(?:مدرک|مدارک|سند|اسناد|کارت|گذرنامه|پاسپورت|تذکره|شناسنامه|دفترچه|برگه|امایش|اقامت|رسید)"
_DEMAND = re.compile(
    rf"فتوکپی|کپی|کاپی|رونوشت|روگرفت|اسکن(?!اس)|تصویر|عکس (?:های |ی )*(?:از )?(?:روی )?(?:اصل )?{_PAPER}"
    # A photo taken of a paper: «از کارت خود عکس بگیرید».
    rf"|\bاز (?:روی )?(?:اصل )?{_PAPER}\S*(?: \S+){{0,2}} عکس|\bcopy\b|photocopy|\bscan"
)
_NEGATION = re.compile(
    r"نیست|\b(?:نیاز ندارد|لازم ندارد|ندارد|نمی ?خواه|نخواه|نمی ?گیر|نگیر|نیاور|نده|نفرست|روان نکن|ممنوع|خلاف|جرم)"
    r"|\bnot\b|\bno\b|without"
)
_NOT_BEFORE = re.compile(
    r"\b(?:بدون|حذف|منع|ممنوعیت)(?: گرفتن| دریافت| مطالبه)? ?$|\b(?:نباید|حق ندارد|حق ندارند) (?:\S+ )?$"
    r"|\b(?:no|not|without) (?:a )?(?:photo)?$"
)
_SENTENCE = re.compile(r"[.؛;!؟?\n،]")


def demands_a_copy(text: str) -> bool:
    """Whether `text` asks for a copy or an image of a paper, which no office may do.

    A sentence that says no copy is needed is not a demand; a photograph of the person is not an image of a paper.
    """
    for sentence in _SENTENCE.split(fold(text)):
        found = _DEMAND.search(sentence)
        if found is None:
            continue
        before, after = sentence[: found.start()], sentence[found.end() :]
        if not _NEGATION.search(after) and not _NOT_BEFORE.search(before):
            return True
    return False


SMALL_WORDS = frozenset({"از", "به", "با", "در", "بر", "را", "که", "یا", "تا", "این", "من", "ما", "برای", "بین", "می"})
"""Common words that say nothing of what is wanted."""


def words_of(text: str) -> set[str]:
    """The folded words of a text, and each two neighbours as one: «انگشت‌نگاری» is also typed «انگشتنگاری»."""
    words = folded_words(text)
    return {*words, *(first + second for first, second in pairwise(words))}


def meaningful_words(text: str) -> list[str]:
    """The folded words of a text that say what somebody wants."""
    return [word for word in folded_words(text) if len(word) > 1 and word not in SMALL_WORDS]
