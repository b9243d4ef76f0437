"""What people type: sense, nonsense, numbers in three scripts, two languages, and what no program likes."""

from __future__ import annotations

import random
from functools import cache

from tests.reading.test_phrasings import FILES, phrasings

NAMES = ("گل‌آغا رحیمی", "زهرا حسینی", "Navid Ahmadi", "ناصر", "عبدالرحمن بن محمد علی‌زادهٔ هراتی کابلی", "ك ي ة أحمد")
NUMBERS = ("۱۲۳۴۵۶۷۸۹۰", "1234567890", "١٢٣٤٥٦٧٨", "P0123456", "AB-12/34", "۴۲", "0012345679", "12 34 56 78 90")
AMOUNTS = (
    "۵۰ هزار",
    "50000",
    "٢٧٠٠٠",
    "27",
    "دو صد هزار تومان",
    "سیصد",
    "270000 ریال",
    "-5",
    "0",
    "9" * 30,
    "یک میلیون",
)
DAYS = ("فردا", "امروز", "شنبه", "۵ آذر", "12 قوس", "1405/9/5", "2026-11-25", "۳۲ آذر", "سه روز پیش", "ساعت ۹ و نیم")
STORIES = (
    "از من پول بیشتر گرفتند و رسید ندادند.",
    "گفتند کاپی تذکره بیاور، من ندادم.",
    "سه ساعت ایستادم و نوبتم را به کسی دیگر دادند.",
    "می‌خواهم بدانم کارتم کی آماده می‌شود؟",
)
PLACES = ("کرج", "تهران", "البرز", "مشهد", "72-1102", "۷۲-۱۱۰۲", "خراسان", "هرات", "دفتر ۷۲-۳۳۰۹")
COMMANDS = (
    "/start", "/menu", "/help", "/language", "/back", "/cancel", "/nothing", "/start@t_bot", "/", "/menu now",
    "بازگشت", "لغو", "کمک", "زبان", "صفحهٔ اول", "صفحه اول", "منو",
)  # fmt: skip
RUBBISH = (
    "سلام، خوبی؟", "؟؟؟", "🙂🙂🙂", ".", "…", "\u200c", "asdf qwer", "بله", "نه", "نمی‌دانم", "چی؟", "تشکر",
    "<b>bold</b> & <i>x</i> <script>alert(1)</script>", "*ستاره* _خط_ `کد` ```بلوک``` [پیوند](http://example.org/)",
    "&amp; &lt;", "{name} {0} %s %(x)s", "'; DROP TABLE turns; --", "\\n\\t\\", "line\nline\n\nline",
    "\u202eabc\u202c \u200f\u2066سلام\u2069\u2069\u2069", "\u202e\u202e\u202e", "a\u0000b", "ﷺ ﷼ ﻻ", "ا" * 300,
    "http://example.org/?a=1&b=2", "@nobody #tag", "None", "null", "-1", "1e9", "٪", "۰", "٠", "0", "9" * 20,
)  # fmt: skip
LONG = ("خیلی دراز " * 450, "<b>" * 1500, "*" * 4096, "a" * 4000, "ن\n" * 2000)
PAYLOADS = (
    "", "s_identity-verification", "b_identity-verification", "b_amayesh-renewal", "s_amayesh-renewal", "o_72-1102",
    "o_72-2077", "c", "c_OVERCHARGE", "c_COPY_DEMAND", "c_NOSUCH", "s_", "s_nothing", "o_99-9999",
    "b_document-revocation", "x", "_", "s_1%20OR%201=1", "a" * 64, "۱۲۳", "s_../..", "c_REVOCATION_OBJECTION",
)  # fmt: skip
FORGED = (
    "go:menu:", "go:nosuch:", "go:turns:1", "go:turns:999999", "go:move:1", "go:move:x", "go:follow:1", "go:book:at.1",
    "go:book:service.1.1", "go:book:of.", "go:services:999", "go:settings:erase", "go:settings:nosuch",
    "go:wait:at.1.1.1", "go:wait:turn.1", "go:wait:edit.1", "go:wait:x", "go:request:1", "go:request:end.1",
    "go:offer:yes.1", "go:offer:no.1",
    "go:complain:OVERCHARGE.1", "go:complain:NOSUCH", "go:ask:", "go:checklist:1", "go:checklist:", "go::", "go:",
    "r1.~back", "r2.~more", "r999999.yes", "r999.~menu", "r.", "r-1.x", "", "x" * 64, "۱", "null",
)  # fmt: skip

SENSE = (NAMES, NUMBERS, AMOUNTS, DAYS, STORIES, PLACES)
DIGITS = ("0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")


def something_sensible(chance: random.Random) -> str:
    """An answer to some question of ours, though perhaps not to the one that stands."""
    return chance.choice(chance.choice(SENSE))


@cache
def real_phrases() -> tuple[str, ...]:
    """What the people who wrote `tests/reading/phrasings` say, in both languages."""
    return tuple(row["phrase"] for path in FILES for row in phrasings(path))


def anything(chance: random.Random) -> str:
    """Whatever a chat may bring."""
    pool = chance.choices((RUBBISH, COMMANDS, LONG), weights=(10, 4, 1))[0]
    return chance.choice(pool)


def number(chance: random.Random, value: int) -> str:
    """A number in Latin, Persian or Arabic digits."""
    return str(value).translate(str.maketrans(DIGITS[0], chance.choice(DIGITS)))
