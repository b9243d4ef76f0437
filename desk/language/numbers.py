"""Numbers and amounts as people type them: digits of any script, words, thousands, toman and rial."""

import re
from typing import Final

from desk.language.folding import fold
from desk.values import Money

_UNITS: Final = {
    "صفر": 0, "یک": 1, "یه": 1, "دو": 2, "سه": 3, "چهار": 4, "چار": 4, "پنج": 5, "شش": 6, "شیش": 6, "هفت": 7,
    "هشت": 8, "نه": 9, "ده": 10, "یازده": 11, "دوازده": 12, "سیزده": 13, "چهارده": 14, "پانزده": 15, "پونزده": 15,
    "شانزده": 16, "شونزده": 16, "هفده": 17, "هجده": 18, "هژده": 18, "نوزده": 19, "بیست": 20, "سی": 30, "چهل": 40,
    "پنجاه": 50, "شصت": 60, "هفتاد": 70, "هشتاد": 80, "نود": 90, "صد": 100, "یکصد": 100, "دویست": 200, "دوصد": 200,
    "سیصد": 300, "سهصد": 300, "چهارصد": 400, "پانصد": 500, "پونصد": 500, "پنجصد": 500, "ششصد": 600, "شیشصد": 600,
    "هفتصد": 700, "هشتصد": 800, "نهصد": 900,
}  # fmt: skip
_ORDINALS: Final = {
    "اول": 1, "یکم": 1, "اولی": 1, "نخست": 1, "دوم": 2, "دومی": 2, "سوم": 3, "سومی": 3, "چهارم": 4, "پنجم": 5,
    "ششم": 6, "هفتم": 7, "هشتم": 8, "نهم": 9, "دهم": 10,
}  # fmt: skip
_SCALES: Final = {"هزار": 1_000, "میلیون": 1_000_000, "ملیون": 1_000_000, "میلیارد": 1_000_000_000}
# Words around a number that say what is counted, and no more.
_FILLERS: Final = frozenset(
    ("گزینه", "شماره", "نمبر", "نفر", "تا", "عدد", "دانه", "حدود", "تقریبا", "مورد", "مبلغ", "پول", "بود", "است")
)
_TOMAN: Final = frozenset(("تومان", "تومن", "تمن", "تومنی", "toman", "tuman"))
_RIAL: Final = frozenset(("ریال", "ریالی", "rial", "irr"))
_AROUND: Final = _FILLERS | _TOMAN | _RIAL

_GROUPED = re.compile(r"[0-9]{1,3}(?:[٬,،./' ][0-9]{3})+", re.ASCII)
_DECIMAL = re.compile(r"([0-9]+)[٫./,]([0-9]{1,2})", re.ASCII)
_PARTS = re.compile(r"[0-9]+(?:[٬,،./'٫ ]?[0-9]+)*|[^\W\d_]+")
_LARGEST = 10**15
# Below this many toman an amount is probably meant in thousands: people say "27 toman" for 27,000.
_SAID_IN_THOUSANDS_BELOW = 1_000


def read_number(typed: str) -> int | None:
    """Return the whole number in ``typed``, or None when it says something else or nothing.

    Takes digits of any script with or without separators, words («بیست و هفت هزار»), both mixed («۲۷ هزار»), ordinals
    («اول») and the words people put around. A lone «نه» is nine: where it may be "no", compare with "no" first.
    """
    parts = _parts_of(typed)
    return None if parts is None else _value_of([part for part in parts if part not in _AROUND])


def read_amount(typed: str) -> tuple[Money, ...]:
    """Return what a typed amount may mean, likeliest first; empty when it holds no amount.

    Without a unit toman is meant, as the question asks; below 1,000 toman thousands are probable. More than one
    reading: let the person confirm.
    """
    parts = _parts_of(typed)
    if parts is None:
        return ()
    in_rial = any(part in _RIAL for part in parts)
    in_toman = any(part in _TOMAN for part in parts)
    if in_rial and in_toman:
        return ()
    value = _value_of([part for part in parts if part not in _AROUND])
    if value is None:
        return ()
    if in_rial:
        return (Money(value),)
    readings = [Money.from_toman(value)]
    if 0 < value < _SAID_IN_THOUSANDS_BELOW:
        readings.insert(0, Money.from_toman(value * 1000))
    elif not in_toman and value % 10 == 0 and value >= _SAID_IN_THOUSANDS_BELOW * 100:
        readings.append(Money(value))  # a large bare number may have been copied from a receipt, which counts in rial
    return tuple(readings)


def _parts_of(typed: str) -> list[str] | None:
    """Return the words and numbers of ``typed``, or None when it is far too long to be an amount."""
    text = fold(typed.replace("\u200c", " "))
    return None if len(text) > 120 else _PARTS.findall(text)


def _value_of(parts: list[str]) -> int | None:
    if not parts:
        return None
    if len(parts) == 1 and parts[0] in _ORDINALS:
        return _ORDINALS[parts[0]]
    total: float = 0
    chunk: float | None = None
    previous_scale: float = _LARGEST
    for part in parts:
        if part == "و":
            continue
        if part in _SCALES:
            scale = _SCALES[part]
            if scale >= previous_scale:
                return None
            total += (1 if chunk is None else chunk) * scale
            chunk, previous_scale = None, scale
            continue
        figure = _UNITS.get(part) if not part[0].isdecimal() else _figure(part)
        if part == "صد" and chunk is not None and 2 <= chunk <= 9:
            chunk *= 100  # «چهار صد» written apart
            continue
        if figure is None or (chunk is not None and not _may_follow(chunk, figure)):
            return None
        chunk = figure if chunk is None else chunk + figure
    if chunk is not None:
        if total and chunk >= previous_scale:
            return None
        total += chunk
    elif not total:
        return None
    return int(total) if total == int(total) and total < _LARGEST else None


def _may_follow(before: float, figure: float) -> bool:
    """Whether ``figure`` may come after ``before`` in one spoken number: twenty and seven, not seven and twenty."""
    return (before % 100 == 0 and before >= 100 and 0 < figure < 100) or (
        before % 10 == 0 and before % 100 >= 20 and 0 < figure < 10
    )


def _figure(part: str) -> float | None:
    """Return the value of a figure with its separators; three digits after each are thousands, one or two decimals."""
    if part.isdecimal():
        return int(part)
    if _GROUPED.fullmatch(part):
        return int(re.sub(r"[^0-9]", "", part))
    decimal = _DECIMAL.fullmatch(part)
    return float(f"{decimal[1]}.{decimal[2]}") if decimal else None
