"""Reads amounts of money as people type them, in toman and rial."""

from typing import Final

from desk.reading.number_words import RIAL, TOMAN, millions_left_short, number_parts, read_number, value_of
from desk.values import Money

__all__ = ["read_amount", "read_number"]

# Below this many toman an amount is probably meant in thousands: people say "27 toman" for 27,000.
_SAID_IN_THOUSANDS_BELOW: Final = 1_000


def read_amount(typed: str) -> tuple[Money, ...]:
    """Return the possible meanings of a typed amount, likeliest first; empty when it is no amount or more than that.

    Without a unit toman is meant, as the question asks; below 1,000 toman thousands are probable. More than one
    reading: let the person confirm.
    """
    parts = number_parts(typed)
    if parts is None:
        return ()
    in_rial, in_toman = not RIAL.isdisjoint(parts), not TOMAN.isdisjoint(parts)
    value = value_of(parts)
    if value is None or (in_rial and in_toman):
        return ()
    values = [value]
    short = None if in_rial or in_toman else millions_left_short(parts, value)
    if short is not None:
        values.insert(0, short)
    if in_rial:
        return tuple(map(Money, values))
    readings = [Money.from_toman(each) for each in values]
    if 0 < value < _SAID_IN_THOUSANDS_BELOW:
        readings.insert(0, Money.from_toman(value * 1000))
    elif short is None and not in_toman and value % 10 == 0 and value >= _SAID_IN_THOUSANDS_BELOW * 100:
        readings.append(Money(value))  # a large bare number may have been copied from a receipt, which counts in rial
    return tuple(readings)
