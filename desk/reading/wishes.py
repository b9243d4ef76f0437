"""Finds what a person wants in free text: words and phrases of a lexicon, folded, one wrong letter forgiven."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from desk.reading.folding import fold, folded_words
from desk.reading.words import LONGEST_FORGIVEN, near_ones, together, words_of


class Wish(StrEnum):
    """What somebody may want who writes at any moment; each is a table key of the lexicons."""

    HOME = "home"
    BOOK = "book"
    MY_APPOINTMENTS = "my_turns"
    WAITING = "waiting"
    MOVE = "move"
    CANCEL = "cancel"
    CANNOT_COME = "cannot_come"
    COME = "come"
    FEES = "fees"
    PAPERS = "papers"
    OFFICES = "offices"
    FOLLOW = "follow"
    COMPLAIN = "complain"
    OVERCHARGE = "overcharge"
    COPIES = "copies"
    BROKER = "broker"
    ASK_DESK = "ask_desk"
    SETTINGS = "settings"
    PHONE = "phone"
    LANGUAGE = "language"
    ERASE = "erase"
    HELP = "help"
    THANKS = "thanks"
    GREET = "greet"
    RUDE = "rude"
    DONT_HAVE = "dont_have"
    NONE_KNOWN = "none_known"


COURTESIES: Final = frozenset({Wish.THANKS, Wish.GREET, Wish.RUDE})
"""Words that ask for nothing: they count only where nothing else was said."""
ANSWERS: Final = frozenset({Wish.COME, Wish.CANNOT_COME})
"""Words that answer a reminder: after one they count first, elsewhere only where nothing else was said."""

MOST_WORDS: Final = 60
"""Further words of a text are not looked at."""
LONGEST_ENDING: Final = 2
"""How much longer than a stem a word may be whose stem has a wrong letter."""
LONGEST_SURE: Final = 16
"""A text of more words tells a story: it is asked, never acted upon."""
WEIGHT_OF_A_GROUP: Final = 4
"""As many letters a word counts that stands in a phrase by its group."""
SPREAD: Final = 4
"""How many other words may stand between those of a phrase."""
MOST_GUESSED: Final = 2

ENDINGS: Final = ("", "م", "ت", "ش", "ی", "ها", "های")
"""What stands behind a word that is still the same word."""

_FILLER: Final = "filler"
_OUTSIDE: Final = "outside"
_TOPIC: Final = "topic"


@dataclass(frozen=True, slots=True)
class Guesses:
    """The wishes found in a text, the likeliest first; `is_sure` = one wish, and it may be acted upon unasked."""

    wishes: tuple[Wish, ...] = ()
    is_sure: bool = False
    is_weak: bool = False
    """Only words say so that mean many other things, too."""

    @property
    def best(self) -> Wish | None:
        return self.wishes[0] if self.wishes else None


_SAYS_NOTHING: Final = frozenset({_FILLER, _TOPIC, _OUTSIDE, Wish.DONT_HAVE, Wish.NONE_KNOWN})
_POLITE: Final = frozenset({_FILLER, Wish.GREET, Wish.THANKS})
_EXPLAINED: Final = _POLITE | {_TOPIC}
"""What may stand beside a wish without making it doubtful."""
NOTHING: Final = Guesses()


@dataclass(frozen=True, slots=True, eq=False)
class _Phrase:
    meaning: str
    patterns: tuple[str, ...]
    is_weak: bool
    is_of_reminder: bool
    """It means this only as the answer to a reminder."""
    is_close: bool
    """Its words stand side by side in this order."""
    weight: int


@dataclass(slots=True)
class _Held:
    """A phrase that a text holds, and the places of its words there."""

    phrase: _Phrase
    places: frozenset[int]


@dataclass(slots=True)
class Wishes:
    """The lexicons of all languages; built once."""

    _by_pattern: dict[str, list[_Phrase]] = field(default_factory=dict)
    _groups: dict[str, set[str]] = field(default_factory=dict)
    """By pattern: the groups of words with one sense to which it belongs."""
    _icons: dict[str, Wish] = field(default_factory=dict)
    _whole: dict[str, frozenset[str]] = field(default_factory=dict)
    _stems: dict[str, frozenset[str]] = field(default_factory=dict)
    _whole_of: dict[int, list[str]] = field(default_factory=dict)
    _stems_of: dict[int, list[str]] = field(default_factory=dict)
    """The same by their number of letters, for words with a wrong one."""

    @classmethod
    def of(cls, lexicons: Iterable[Mapping[str, Any]]) -> Wishes:
        """Raises `ValueError` for a wish or a group that there is not."""
        self = cls()
        lexicons = list(lexicons)
        for lexicon in lexicons:
            for group, members in lexicon.get("groups", {}).items():
                for pattern in _patterns(members):
                    self._groups.setdefault(pattern, set()).add(f"<{group}>")
        for lexicon in lexicons:
            for table, meaning in (("fillers", _FILLER), ("topics", _TOPIC), ("outside", _OUTSIDE)):
                for word in lexicon.get(table, "").split():
                    self._add(meaning, word)
            for phrase in lexicon.get("outside_phrases", ()):
                self._add(_OUTSIDE, phrase)
            for table in ("wishes", "weak", "reminder"):
                for name, phrases in lexicon.get(table, {}).items():
                    for phrase in phrases:
                        self._add(Wish(name).value, phrase, table=table)
        self._index()
        return self

    def _index(self) -> None:
        known = {group for groups in self._groups.values() for group in groups}
        for pattern in {*self._by_pattern, *self._groups}:
            if pattern.startswith("<"):
                if pattern not in known:
                    raise ValueError(pattern)
                continue
            meanings = {phrase.meaning for phrase in self._by_pattern.get(pattern, ())}
            into = self._stems if pattern.endswith("*") else self._whole
            into[pattern.removesuffix("*")] = frozenset(meanings | self._groups.get(pattern, set()))
        for patterns, by_length in ((self._whole, self._whole_of), (self._stems, self._stems_of)):
            for each in patterns:
                by_length.setdefault(len(each), []).append(each)

    def _add(self, meaning: str, typed: str, *, table: str = "") -> None:
        patterns = tuple(_patterns(typed))
        if not patterns:
            self._icons[_icon(typed)] = Wish(meaning)
            return
        weight = sum(WEIGHT_OF_A_GROUP if each.startswith("<") else len(each.removesuffix("*")) for each in patterns)
        is_close = typed.startswith("=")
        phrase = _Phrase(meaning, patterns, table == "weak", table == "reminder", is_close, weight)
        for pattern in set(patterns):
            self._by_pattern.setdefault(pattern, []).append(phrase)

    def guess(self, typed: str, *, of_reminder: bool = False) -> Guesses:
        """What the text asks for; nothing where it holds no word of a wish. `of_reminder` = it answers a reminder."""
        words = words_of(typed)[:MOST_WORDS]
        if not words:
            icon = self._icons.get(_icon(typed))
            return Guesses((icon,), is_sure=True) if icon is not None else NOTHING
        places, unknown = self._places(words)
        return _weighed(list(self._held(places, of_reminder=of_reminder)), words, unknown, of_reminder=of_reminder)

    def answer(self, typed: str) -> Wish | None:
        """Whether the text says only that something is not there or not known; None = it says anything else."""
        words = words_of(typed)[:MOST_WORDS]
        places, _unknown = self._places(words)
        for held in self._held(places, of_reminder=False):
            if held.phrase.meaning in (Wish.DONT_HAVE, Wish.NONE_KNOWN):
                return Wish(held.phrase.meaning)
        return None

    def greeting(self, typed: str) -> Wish | None:
        """The courtesy of a text that greets or thanks and says nothing else; None = it says more, or neither."""
        best = self.guess(typed).best
        if best not in (Wish.GREET, Wish.THANKS):
            return None
        words = words_of(typed)
        places, _unknown = self._places(words)
        polite = (each for each in self._held(places, of_reminder=False) if each.phrase.meaning in _POLITE)
        return best if len({place for each in polite for place in each.places}) == len(words) else None

    def adds_nothing(self, typed: str) -> bool:
        """Whether the text holds only words that carry no meaning of their own, such as «please»."""
        _places, unknown = self._places(words := words_of(typed)[:MOST_WORDS])
        return not unknown and all(_FILLER in self._meanings_of(word) for word in words)

    def is_ours(self, typed: str) -> bool:
        """Whether every word stands in a lexicon as it is, as one that is said to this desk or of what it does."""
        words = words_of(typed)
        return bool(words) and all(self._is_as_written(word) for word in words)

    def _is_as_written(self, word: str) -> bool:
        meanings = self._whole.get(word, frozenset())
        for ending in ENDINGS:
            if word.endswith(ending):
                meanings |= self._stems.get(word.removesuffix(ending), frozenset())
        return bool(meanings - {_OUTSIDE})

    def named(self, typed: str) -> str:
        """The words that name something, without those that ask for it or carry no meaning of their own."""
        words = words_of(typed)[:MOST_WORDS]
        places, _unknown = self._places(words)
        held = list(self._held(places, of_reminder=False))
        topics = {place for each in held if each.phrase.meaning == _TOPIC for place in each.places}
        others = {place for each in held if each.phrase.meaning != _TOPIC for place in each.places}
        return " ".join(word for place, word in enumerate(words) if place in topics or place not in others)

    def _meanings_of(self, word: str) -> set[str]:
        return {phrase.meaning for pattern in self._patterns_of(word) for phrase in self._by_pattern.get(pattern, ())}

    def _places(self, words: Sequence[str]) -> tuple[dict[str, set[int]], set[int]]:
        """Where the words fit which patterns, and the places of words that fit none."""
        places: dict[str, set[int]] = {}
        unknown: set[int] = set()
        for place, word in enumerate(words):
            found = self._patterns_of(word)
            if not found:
                unknown.add(place)
            for pattern in found:
                for each in (pattern, *self._groups.get(pattern, ())):
                    places.setdefault(each, set()).add(place)
        return places, unknown

    def _patterns_of(self, word: str) -> list[str]:
        """The patterns that the word fits; with one wrong letter only where no pattern fits as it is."""
        found = [word] if word in self._whole else []
        found += [f"{word[:end]}*" for end in range(1, len(word) + 1) if word[:end] in self._stems]
        if found or len(word) <= LONGEST_FORGIVEN or any(sign.isdecimal() for sign in word):
            return found
        long = len(word)
        near = [each for length in (long - 1, long, long + 1) for each in near_ones(word, self._whole_of, length)]
        near_stems = [
            stem
            for length in range(long - LONGEST_ENDING, long + 2)
            for stem in near_ones(word[:length], self._stems_of, length)
        ]
        candidates = [*(self._whole[each] for each in near), *(self._stems[stem] for stem in near_stems)]
        if not candidates or not frozenset.intersection(*candidates):
            return []  # none, or words of different wishes are equally near
        return [*near, *(f"{stem}*" for stem in near_stems)]

    def _held(self, places: Mapping[str, set[int]], *, of_reminder: bool) -> Iterator[_Held]:
        """The phrases of which all words are there, the weightiest first."""
        seen: dict[int, _Held] = {}
        for pattern in places:
            for phrase in self._by_pattern.get(pattern, ()):
                if id(phrase) in seen or (phrase.is_of_reminder and not of_reminder):
                    continue
                if any(each not in places for each in phrase.patterns):
                    continue
                find = _side_by_side if phrase.is_close else _nearest
                nearest = find([places[each] for each in phrase.patterns])
                if nearest is not None:
                    seen[id(phrase)] = _Held(phrase, nearest)
        return iter(sorted(seen.values(), key=lambda held: (-len(held.places), -held.phrase.weight)))


def _weighed(held: Sequence[_Held], words: Sequence[str], unknown: set[int], *, of_reminder: bool) -> Guesses:
    """The wish that covers most of the text first, then the one that covers most of what is left."""
    asks, weak, courtesies, answers = _tiers(held)
    tier = (answers or asks if of_reminder else asks) or weak or answers or courtesies
    if not tier:
        return NOTHING
    is_strong = bool(asks)
    small = {place for each in held if each.phrase.meaning == _FILLER for place in each.places}
    spent: set[int] = set()
    wishes: list[Wish] = []
    while tier:
        weights = {meaning: _weight(phrases, words, spent) for meaning, phrases in tier.items()}
        best = max(weights, key=lambda meaning: weights[meaning])
        if not weights[best]:
            break
        wishes.append(Wish(best))
        spent |= {place for each in tier.pop(best) for place in each.places if not each.places & spent} - small
    is_outside = any(each.phrase.meaning == _OUTSIDE and not each.places <= spent for each in held)
    explained = {place for each in held if each.phrase.meaning in _EXPLAINED for place in each.places} | spent
    spare = sum(len(word) for place, word in enumerate(words) if place not in explained)
    understood = sum(len(words[place]) for place in spent)
    is_sure = (
        len(wishes) == 1 and not is_outside and len(words) <= LONGEST_SURE and spare <= (understood if is_strong else 0)
    )
    return Guesses(tuple(wishes[:MOST_GUESSED]), is_sure, is_weak=not is_strong)


_Tier = dict[str, list[_Held]]


def _tiers(held: Sequence[_Held]) -> tuple[_Tier, _Tier, _Tier, _Tier]:
    """The phrases by wish: what asks for something, what may ask, courtesies, and answers."""
    asks: _Tier = {}
    weak: _Tier = {}
    courtesies: _Tier = {}
    answers: _Tier = {}
    for each in held:
        meaning = each.phrase.meaning
        if meaning in _SAYS_NOTHING or _is_within(each, held):
            continue
        if meaning in COURTESIES:
            tier = courtesies
        elif meaning in ANSWERS:
            tier = answers
        else:
            tier = weak if each.phrase.is_weak else asks
        tier.setdefault(meaning, []).append(each)
    return asks, weak, courtesies, answers


def _is_within(part: _Held, held: Sequence[_Held]) -> bool:
    """Whether its words belong to a longer phrase: «good time of the day» asks for no time, «you helped» for no help.

    A phrase that is not weak gives way to thanks only, but to thanks side by side with any of its words: «see good of
    it» beside «appointment» does not ask to see the appointment.
    """
    if part.phrase.is_weak:
        return any(len(each.places) > len(part.places) and part.places <= each.places for each in held)
    return part.phrase.meaning not in COURTESIES and any(
        each.phrase.meaning == Wish.THANKS
        and len(each.places) > 1
        and (part.places <= each.places or (part.places & each.places and _is_unbroken(each.places)))
        for each in held
    )


def _is_unbroken(places: frozenset[int]) -> bool:
    return max(places) - min(places) < len(places)


def _nearest(places: Sequence[set[int]]) -> frozenset[int] | None:
    """One place for each word, near each other; None where they stand too far apart to be one phrase."""
    for start in sorted(places[0]):
        chosen = {start}
        for each in places[1:]:
            free = [place for place in each - chosen if abs(place - start) <= SPREAD + len(places)]
            if not free:
                break
            chosen.add(min(free, key=lambda place: abs(place - start)))
        else:
            return frozenset(chosen)
    return None


def _side_by_side(places: Sequence[set[int]]) -> frozenset[int] | None:
    for start in sorted(places[0]):
        if all(start + ahead in each for ahead, each in enumerate(places)):
            return frozenset(range(start, start + len(places)))
    return None


def _weight(phrases: Sequence[_Held], words: Sequence[str], spent: set[int]) -> int:
    """How much of the text the phrases cover that nothing else has spent; several words together weigh more."""
    free = [each for each in phrases if not each.places & spent]
    covered = {place for each in free for place in each.places}
    longest = max((each.phrase.weight + 4 * (len(each.places) - 1) for each in free), default=0)
    return longest + sum(len(words[place]) for place in covered)


def _patterns(typed: str) -> Iterator[str]:
    """The patterns of a phrase: words, beginnings of words with «*», and groups in «<…>»."""
    parts: list[tuple[str, str]] = []
    for part in typed.split():
        if part.startswith("<"):
            yield from _joined(parts)
            yield part
            parts = []
        else:
            parts += [(word, "*" if part.endswith("*") else "") for word in folded_words(part)]
    yield from _joined(parts)


def _joined(parts: list[tuple[str, str]]) -> Iterator[str]:
    return (f"{word}{ending}" for word, ending in together(parts))


def _icon(typed: str) -> str:
    return fold(typed).replace("\ufe0f", "").replace(" ", "")
