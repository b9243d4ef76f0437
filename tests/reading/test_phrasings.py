"""Real-life phrasings, written by people who saw neither lexicon nor code, are understood well enough.

«Right» = the wish is the best guess, or one of the two that are offered; for words out of scope, that nothing is opened
unasked; for answers to a question, that its reader takes them. «Wrong» = something else is opened unasked. The rest is
asked back. The figures are printed (`pytest -s`). Each file of `phrasings/` is measured; one of three columns has no
context: all was written at the main page.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from bot.dialogue.commands import Command, Commands
from bot.dialogue.questions import Meaning
from desk.language.catalogues import Catalogues
from desk.language.language import Language
from desk.language.lexicons import lexicons
from desk.reading.days import asks_the_soonest, read_wished_day
from desk.reading.times import read_time
from desk.reading.wishes import Wish, Wishes
from desk.values import LocalDay

FILES: Final = sorted(Path(__file__).with_name("phrasings").glob("*.tsv"))
TODAY: Final = LocalDay.of(2026, 11, 29)
LEAST_RIGHT, MOST_WRONG = 0.90, 0.02

WISHES: Final = Wishes.of(lexicons())
COMMANDS: Final = Commands(Language(Catalogues()).plain, WISHES)


NAMED: Final = {
    "BOOK": "book",
    "MINE": "my_turns",
    "CHANGE": "move",
    "CANCEL": "cancel|cannot_come",
    "FEE": "fees",
    "PAPERS": "papers",
    "WHERE": "offices",
    "OVERCHARGE": "overcharge",
    "BROKER": "broker",
    "COPY": "copies",
    "DENIED": "complain",
    "RUDE": "complain",
    "COMPLAIN": "complain",
    "FOLLOW": "follow",
    "ASK": "ask_desk",
    "LANGUAGE": "language",
    "SETTINGS": "settings|erase|phone",
    "HELP": "help",
    "GREETING": "greet",
    "THANKS": "thanks",
    "OUT": "none",
}
"""The wishes that a file of three columns names in capitals."""


def phrasings(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    if lines[0].startswith("language\t"):
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        {"language": language, "phrase": phrase} | _asked(names.split("|")) for language, phrase, names, *_rest in rows
    ]


def _asked(names: list[str]) -> dict[str, str]:
    if names[0] in ("YES", "NO"):
        return {"context": "ask:yes_no", "expected": names[0].lower()}
    return {"context": "menu", "expected": "|".join(NAMED[name] for name in names)}


def read_at(question: str, phrase: str) -> str:
    """What the reader of the question makes of the phrase, as the file names it; "" = nothing."""
    if question == "day":
        day = read_wished_day(phrase, today=TODAY)
        return str(day.date) if day else "earliest" if asks_the_soonest(phrase) else ""
    if question == "time":
        time = read_time(phrase)
        return f"{time.hour:02}:{time.minute:02}" if time else ""
    meaning = COMMANDS.meaning(phrase)
    if question == "yes_no" and meaning is not None:
        return "yes" if meaning is Meaning.YES else "no"
    return WISHES.answer(phrase) or ""


def became(context: str, phrase: str, expected: str) -> str:
    place, _colon, question = context.partition(":")
    if place == "desk":
        return "right"  # whatever is written after a message of the desk is offered to the desk
    if COMMANDS.find(phrase) is Command.MENU and expected == Wish.HOME:
        return "right"
    guesses = WISHES.guess(phrase, of_reminder=place == "reminder")
    wanted = set(expected.split("|"))
    if question:
        read = read_at(question, phrase)
        if read:
            return "right" if read in expected else "wrong"
        return "right" if wanted & set(guesses.wishes) else "asked back"
    if expected == "none":
        return "wrong" if guesses.is_sure else "right"
    if guesses.best in wanted or (not guesses.is_sure and wanted & set(guesses.wishes)):
        return "right"
    return "wrong" if guesses.is_sure else "asked back"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", ["fa", "fa_AF"])
def test_what_people_write_is_understood(language: str, path: Path) -> None:
    found: Counter[str] = Counter()
    others: list[str] = []
    for row in phrasings(path):
        if row["language"] == language:
            outcome = became(row["context"], row["phrase"], row["expected"])
            found[outcome] += 1
            if outcome != "right":
                others.append(f"{outcome}: {row['context']} {row['phrase']} ({row['expected']})")
    count = found.total()
    print(f"\n{path.stem}, {language}: {count} phrasings: {dict(found)}", *others, sep="\n  ")  # noqa: T201 - the figures are the result
    assert count >= 25
    assert found["right"] >= LEAST_RIGHT * count, others
    assert found["wrong"] <= MOST_WRONG * count, others
