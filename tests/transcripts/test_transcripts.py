"""Plays every chat in `chats/` on every stage."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from bot.flows.conversations import menu
from desk.language.language import Language
from desk.language.text import Locale
from desk.reading.folding import strip_bidi
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from emulator import Emulator
from tests.prepared import Filling
from tests.transcripts import (
    absence_world,
    after_world,
    assistance_world,
    case_world,
    catalogue_world,
    change_world,
    check_world,
    contested_world,
    draw_world,
    hours_world,
    household_world,
    limits_world,
    line_world,
    linked_world,
    other_world,
    quota_world,
    record_world,
    script,
    standing_world,
    transfer_world,
    travel_world,
    use_world,
    waiting_world,
    walk_in_world,
)
from tests.transcripts.answering import Answering, read_answers
from tests.transcripts.bare import BareStage
from tests.transcripts.emulated import emulated
from tests.transcripts.measure import faults
from tests.transcripts.scenery import usual_desk
from tests.transcripts.script import Seen
from tests.transcripts.stage import Bot, Clock, Stage, language_of
from tests.transcripts.world import World

LINES_OF_AFTERWARDS = after_world
LINES_OF_ABSENCES = absence_world
LINES_OF_ASSISTANCE = assistance_world
LINES_OF_CASES = case_world
LINES_OF_CATALOGUE = catalogue_world
LINES_OF_CHANGES = change_world
LINES_OF_CHECKS = check_world
LINES_OF_NUMBERS = contested_world
LINES_OF_HOURS = hours_world
LINES_OF_HOUSEHOLDS = household_world
LINES_OF_TRAVEL = travel_world
LINES_OF_USE = use_world
LINES_OF_LIMITS = limits_world
LINES_OF_THE_LINE = line_world
LINES_OF_LINKED_PAPERS = linked_world
LINES_OF_TRANSFERS = transfer_world
LINES_OF_WALK_INS = walk_in_world
LINES_OF_OTHER_CHATS = other_world
LINES_OF_WAITING = waiting_world
LINES_OF_STANDING_REQUESTS = standing_world
LINES_OF_DRAWS = draw_world
LINES_OF_QUOTAS = quota_world
LINES_OF_RECORDS = record_world
"""Imported for the lines that it registers."""

CHATS = Path(__file__).with_name("chats")
FILES = sorted(CHATS.rglob("*.chat"))


def an_english_desk(session: WriteSession) -> bool:
    usual_desk(session, lang="en")
    return True


def a_persian_desk(session: WriteSession) -> bool:
    usual_desk(session, lang="fa")
    return True


DESKS: dict[str, Filling] = {"en": an_english_desk, "fa": a_persian_desk}


async def perform(world: World, stage: Stage, word: str, text: str) -> Iterable[Seen]:
    """Carry out one line of a transcript."""
    if word != ">":
        return await world.does(text)
    seen = await _act(stage, text)
    return [*seen, *await stage.post()]


async def _act(stage: Stage, text: str) -> list[Seen]:
    if text.startswith("[[["):
        return script.once_each(await stage.press(text[3:-3], times=3))
    if text.startswith("[["):
        return script.once_each(await stage.press(text[2:-2], times=2))
    if text.startswith("[old: "):
        return await stage.press(text[6:-1], oldest=True)
    if text.startswith("["):
        return await stage.press(text[1:-1])
    if text.startswith("(location "):
        latitude, longitude = map(float, text[10:-1].split())
        return await stage.share_location(latitude, longitude)
    if text.startswith("(reply «"):
        to, _, words = text[8:-1].partition("»: ")
        return await stage.reply(words, to=to)
    if text.startswith("(edit: "):
        return await stage.edit(text[7:-1])
    if text.startswith("("):
        return await stage.send(text[1:-1])
    return await stage.say(text)


def differences(path: Path, *, wanted: str, played: str) -> str:
    """What differs, chat against chat; empty when nothing does."""
    return "\n".join(
        difflib.unified_diff(wanted.splitlines(), played.splitlines(), str(path.name), "as it is played", lineterm="")
    )


async def played_on(
    stage: Stage, bot: Bot, told: script.Script, *, between: script.Between | None = None, desk_stands: bool = False
) -> str:
    """The whole chat as this stage shows it."""
    world = World(bot, stage, told.lang, desk_stands=desk_stands)
    menus = () if told.has_whole_menu else _menus(bot.language)
    return await script.play(told, lambda word, text: perform(world, stage, word, text), menus=menus, between=between)


def _menus(language: Language) -> list[script.Rows]:
    """The main page's buttons in both languages; two chats in `rendered/` write them out."""
    return [tuple((strip_bidi(language.plain(option.label, locale)),) for option in menu.ENTRIES) for locale in Locale]


every_chat = pytest.mark.parametrize(
    "path", FILES, ids=[path.relative_to(CHATS).with_suffix("").as_posix() for path in FILES]
)


@pytest.fixture
def wanted(path: Path) -> str:
    """The transcript as it is written."""
    return path.read_text(encoding="utf-8")


@pytest.fixture
def filling(wanted: str) -> Filling | None:
    """The usual desk, where the transcript begins with it: most do."""
    told = script.read(wanted)
    acts = [line.split(maxsplit=1) for line in told.lines]
    first = next(act for act in acts if act and act[0] in ("given", ">", "when", "then"))
    return DESKS[told.lang] if first == ["given", "the usual desk"] else None


@pytest.fixture
def compare(path: Path, wanted: str, request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Compares what was played with the transcript, or with `--accept` writes it down."""

    def compared(played: str) -> None:
        if request.config.getoption("accept", default=False):
            path.write_text(played, encoding="utf-8")
        else:
            assert played == wanted, "\n" + differences(path, wanted=wanted, played=played)

    return compared


@pytest.fixture
def answers(request: pytest.FixtureRequest) -> dict[str, str]:
    """With `--accept`, what to press where a chat written before a step comes to it."""
    is_accepted = request.config.getoption("accept", default=False)
    return read_answers(request.config.getoption("answering", default=[])) if is_accepted else {}


@pytest.mark.sqlite
@every_chat
async def test_the_chat_goes_as_written(
    path: Path,
    wanted: str,
    compare: Callable[[str], None],
    answers: dict[str, str],
    storage: Storage,
    holds: bool | None,
) -> None:
    told = script.read(wanted)
    bot = Bot(storage, language_of(told.lang), Clock())
    stage = BareStage(bot)
    between = Answering(stage, answers) if answers else None
    compare(await played_on(stage, bot, told, between=between, desk_stands=holds is True))
    too_much = {fault for says in stage.said for fault in faults(says)}
    assert not too_much


@pytest.mark.sqlite
@pytest.mark.parametrize("kind", ["telegram", "bale"])
@every_chat
async def test_it_goes_the_same_at_a_messenger(
    path: Path, wanted: str, kind: str, storage: Storage, holds: bool | None, emulator: Emulator
) -> None:
    told = script.read(wanted)
    bot = Bot(storage, language_of(told.lang), Clock())
    async with emulated(bot, kind=kind, emulator=emulator) as stage:
        played = await played_on(stage, bot, told, desk_stands=holds is True)
        assert await stage.late() == []
    assert played == wanted, "\n" + differences(path, wanted=wanted, played=played)
