"""The transcript files: what a person does, what the bot says, and lines that set the scene or look behind it.

    # What this chat shows.
    lang   en
    menu   whole                  the buttons of the main page are written out; else [the main page] stands for them
    given  the usual desk
    > /start                      the person writes
    > [🗓 Turn]              … presses the newest button of this label; [old: …] on the oldest message that has it
    > [[Yes]]                     … twice at once; [[[Yes]]] three times
    > (reply «Hello»: Good day)     … as a reply to the newest message of the bot that has these words
    > (location 35.84 50.99)      … or (voice), (photo), (album), (pin), (sticker), (contact), (edit: new words)
    < Hello.                      the bot; its further lines are indented, its buttons stand in brackets
      [Persian] [Dari]
    when   2 hours pass           something happens elsewhere
    then   1 live turn            what must be true now

Everything but the bot's part is carried out in order; the bot's part is compared as a whole.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass

from desk.reading.folding import ascii_digits, strip_bidi

WORLD = ("given", "when", "then")
CODE = re.compile(
    r"(?<![0-9۰-۹٬])(?:(?:[0-9۰-۹]{4} ){3}[0-9۰-۹]{4}|[0-9۰-۹]{12}|[0-9۰-۹]{9}|[0-9۰-۹]{4}-[0-9۰-۹]{4})(?![0-9۰-۹])"
)
"""A tracking code, one to be typed in another chat, or the public id of a request, as it is shown. They are drawn by
chance, so a transcript calls them #1, #2 …"""
SPOKEN = re.compile(
    r"^  (?:\w{2,5} ){2}\w{2,5}[,،] (?:\w{2,5} ){2}\w{2,5}[,،] (?:\w{2,5} ){2}\w{2,5}(?:[,،] (?:\w{2,5} ){2}\w{2,5})?$"
)
"""A code said digit by digit."""
CALL_NUMBER = re.compile(r"^((?:< |  )[🔢📢].*?)[0-9۰-۹]{3,9}(?![0-9۰-۹])")
"""The number by which somebody is called: the end of a code, drawn by chance too."""
NAME = re.compile(r"#[0-9]+")
"""The name of a code in what the person writes."""


MENU = "the main page"
"""Stands for the buttons of the main page, which would be repeated twice in every chat."""

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as the person sees it, without marks of direction or emphasis; the same on every stage."""

    text: str
    rows: Rows = ()
    has_picture: bool = False
    has_map: bool = False
    has_file: bool = False

    def lines(self, *, menus: Collection[Rows] = ()) -> list[str]:
        """The message as lines of a transcript; the rows of a main page among `menus` are one short line."""
        marks = "(picture) " * self.has_picture + "(map) " * self.has_map + "(file) " * self.has_file
        text = [line for line in strip_bidi(marks + self.text).split("\n") if line.strip()] or [""]
        rows: Rows = ((MENU,),) if self.rows in menus else self.rows
        buttons = [" ".join(f"[{strip_bidi(label)}]" for label in row) for row in rows]
        return [f"< {text[0]}".rstrip(), *(f"  {line}" for line in text[1:]), *(f"  {row}" for row in buttons)]


def passing(words: str) -> Seen:
    """The short answer to a pressed button, which stands above the chat for a moment."""
    return Seen(f"(for a moment) {words}")


def once_each(seen: Iterable[Seen]) -> list[Seen]:
    """The messages without those that repeat the one before: an edit that changes nothing is not seen."""
    kept: list[Seen] = []
    for each in seen:
        if kept and kept[-1].text == each.text:
            kept.pop()
        kept.append(each)
    return kept


@dataclass(frozen=True, slots=True)
class Script:
    """A transcript without the bot's part. `lines` keep comments and empty ones, so that it can be written again."""

    lang: str
    lines: tuple[str, ...]
    has_whole_menu: bool = False

    @property
    def acts(self) -> list[str]:
        """What the person does, in order."""
        return [line[1:].strip() for line in self.lines if line.startswith(">")]


Perform = Callable[[str, str], Awaitable[Iterable[Seen]]]
"""Carries out one line: its first word (`>`, given, when, then) and the rest; what the person then sees."""

Between = Callable[[str, str | None], Awaitable[str | None]]
"""What the person does, unwritten, between an act and the next one (None = that was the last); None = nothing."""


def read(text: str) -> Script:
    """The script in a transcript file. Raises ValueError at a line that is none of the above."""
    kept: list[str] = []
    lang, has_whole_menu = "en", False
    for line in text.splitlines():
        if line.startswith(("< ", "  ")) or line == "<":
            continue
        word = line.split(maxsplit=1)[0] if line.strip() else ""
        if word == "lang":
            lang = line.split()[1]
        elif word == "menu":
            has_whole_menu = line.split()[1] == "whole"
        elif word and word[0] not in "#>" and word not in WORLD:
            raise ValueError(f"a line of a transcript begins with #, >, <, lang, menu, given, when or then: {line!r}")
        kept.append(line.rstrip())
    return Script(lang, tuple(kept), has_whole_menu)


async def play(
    script: Script, perform: Perform, *, menus: Collection[Rows] = (), between: Between | None = None
) -> str:
    """Carry out the script and return the whole transcript with what the bot really said.

    `menus` = the buttons of the main page as they may stand in this chat, for which one short line is written.
    """
    told: list[str] = []
    codes: dict[str, str] = {}
    waiting = deque(script.lines)
    while waiting:
        line = waiting.popleft()
        told.append(line)
        word, _, rest = line.partition(" ")
        if word == ">" or word in WORLD:
            said = NAME.sub(lambda found: _code(found[0], codes), rest.strip())
            try:
                shown = list(await perform(word, said))
            except Exception as fault:
                raise AssertionError("\n".join((*told, f"!! {type(fault).__name__}: {fault}"))) from fault
            for seen in shown:
                told.extend(_told(each, codes) for each in seen.lines(menus=menus))
            if word == ">" and between is not None:
                coming = next((later[1:].strip() for later in waiting if later.startswith(">")), None)
                act = await between(rest.strip(), coming)
                if act is not None:
                    waiting.appendleft(f"> {act}")
    return "\n".join(told) + "\n"


def _told(line: str, codes: dict[str, str]) -> str:
    """A line of a message, with a name for what is drawn by chance."""
    numbered = CALL_NUMBER.sub(r"\1(call number)", line)
    return SPOKEN.sub("  (the code in words)", CODE.sub(lambda found: _called(found[0], codes), numbered))


def _called(code: str, codes: dict[str, str]) -> str:
    return codes.setdefault(ascii_digits(code), f"#{len(codes) + 1}")


def _code(name: str, codes: dict[str, str]) -> str:
    """The code that the chat so far calls by this name; what is no such name stays as it is."""
    return next((code for code, known in codes.items() if known == name), name)
