"""Tells the name of a person from a sentence about one, with the words of the lexicons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desk.reading.folding import folded_words
from desk.reading.words import together, words_of

MOST_WORDS: Final = 6
"""More words than a name has with all that is added to it: a title, the father's, the tribe's."""
_ASKING: Final = frozenset("?؟!")


@dataclass(frozen=True, slots=True)
class SaidName:
    """The name in what was typed; `is_sure` = nothing else was written, so that it need not be asked about."""

    name: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class NameWords:
    """What the lexicons say of names: what stands before and after one, and the words that are part of none."""

    _before: tuple[tuple[str, ...], ...]
    _needing_after: frozenset[tuple[str, ...]]
    """Those of `_before` that count only where a word of `_after` ends it too: «مه» («I») also begins names."""
    _after: frozenset[str]
    _no_names: frozenset[str]
    _stems: tuple[str, ...]
    _alone: frozenset[str]

    @classmethod
    def of(cls, lexicons: Iterable[Mapping[str, Any]]) -> NameWords:
        tables = [lexicon.get("names", {}) for lexicon in lexicons]
        before, needing_after = (
            {tuple(folded_words(phrase)) for table in tables for phrase in table.get(key, ())}
            for key in ("before", "before_with_after")
        )
        words = [word for table in tables for word in _words(table.get("no_names", ""))]
        return cls(
            tuple(sorted(before | needing_after, key=len, reverse=True)),
            frozenset(needing_after),
            frozenset(word for table in tables for word in folded_words(table.get("after", ""))),
            frozenset(word for word, ending in words if not ending),
            tuple(word for word, ending in words if ending),
            frozenset(word for table in tables for word in folded_words(table.get("alone", ""))),
        )

    def read(self, typed: str, *, name: str) -> SaidName:
        """The name out of `typed`; `name` is all of it, tidied.

        «my name is Gol Agha» says «Gol Agha», unless what is left is no name either.
        """
        parts = name.split()
        inner = self._inner(parts)
        if inner and inner != parts and not self._is_sentence(inner):
            return SaidName(" ".join(inner), is_sure=False)
        is_asking = not _ASKING.isdisjoint(typed)
        return SaidName(name, is_sure=not is_asking and not self._is_sentence(parts))

    def _inner(self, parts: Sequence[str]) -> list[str]:
        """Without what stands before and after a name."""
        folded = ["".join(folded_words(part)) for part in parts]
        start, end = 0, len(parts)
        for phrase in self._before:
            if tuple(folded[: len(phrase)]) == phrase:
                start = len(phrase)
                break
        if start and end - start > 1 and folded[-1] in self._after:
            end -= 1
        elif tuple(folded[:start]) in self._needing_after:
            start = 0
        return list(parts[start:end])

    def _is_sentence(self, parts: Sequence[str]) -> bool:
        if len(parts) > MOST_WORDS or "".join(folded_words(" ".join(parts))) in self._alone:
            return True
        return any(word in self._no_names or word.startswith(self._stems) for word in words_of(" ".join(parts)))


def _words(typed: str) -> Iterator[tuple[str, str]]:
    """The words of a table, as `words_of` would give them, and «*» behind those that are only a beginning."""
    for entry in typed.split():
        folded = folded_words(entry)
        yield from together((word, "*" if entry.endswith("*") else "") for word in folded)
