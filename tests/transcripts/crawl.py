"""Walks from the first screen of a scene through every button and every prepared answer, breadth first, and hands
over each screen."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from bot.dialogue.engine import Engine, ExchangeResult
from bot.dialogue.says import Says
from bot.flows.registry import conversation
from desk.language.text import Joined, Param, Text
from desk.outbox.models import OutboxMessage
from desk.storage import engine as engines
from desk.storage.base import ReadSession, WriteSession
from desk.storage.digests import DigestPool
from desk.storage.engine import Storage
from tests.keys import KEYS
from tests.transcripts.bare import BareStage, Message
from tests.transcripts.stage import Bot

P = ParamSpec("P")
T = TypeVar("T")
PAGE = 4096
"""Bytes; what differs from the filled database is kept by such pieces."""
Step = tuple[str, ...]
"""A flow and a step of it; () = none."""
Kept = Mapping[int, bytes]
"""The pages that differ from the filled database, by their number; -1 = how long the whole is."""


class KeptStorage(Storage):
    """SQLite in memory over one connection: what it holds can be kept, and brought back, at any moment."""

    def __init__(self, file: Path) -> None:
        """`file` = a migrated database."""
        super().__init__("sqlite://", keys=KEYS)
        self._raw = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        engine = create_engine("sqlite+pysqlite://", creator=lambda: self._raw, poolclass=StaticPool)
        engines._prepare_sqlite(engine, begin="BEGIN")
        self._connection = engine.connect()
        content = bytearray(file.read_bytes())
        content[18:20] = b"\x01\x01"  # a database in memory has no log beside it
        self._base = bytes(content)
        self._raw.deserialize(self._base)

    def based(self) -> None:
        """Take what it holds now for what others are kept by."""
        self._base = self._raw.serialize()

    def keep(self) -> Kept:
        now, base = self._raw.serialize(), self._base
        pages = {
            start: now[start : start + PAGE]
            for start in range(0, len(now), PAGE)
            if now[start : start + PAGE] != base[start : start + PAGE]
        }
        return {**pages, -1: len(now).to_bytes(8)}

    def bring_back(self, kept: Kept) -> None:
        content = bytearray(self._base)
        length = int.from_bytes(kept[-1])
        content.extend(bytes(max(0, length - len(content))))
        for start, page in kept.items():
            if start >= 0:
                content[start : start + PAGE] = page
        self._raw.deserialize(bytes(content[:length]))

    async def read(self, query: Callable[Concatenate[ReadSession, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self._connection.begin(), ReadSession(self._connection, info=self._carried) as session:
            return query(session, *args, **kwargs)

    async def write(self, action: Callable[Concatenate[WriteSession, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        result, _told = self._committed(self._connection, action, args, kwargs)
        return result

    def holds(self, table: str) -> bool:
        """Whether there is a row in the table."""
        return self._raw.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None

    def close(self) -> None:
        self._connection.close()
        self._raw.close()


class NotingEngine(Engine):
    """Remembers where the last exchange led."""

    stands_at: Step = ()

    def hear(self, *args: Any, **given: Any) -> ExchangeResult:
        result = super().hear(*args, **given)
        self.stands_at = result.state.flow, result.state.step
        return result


@dataclass(frozen=True, slots=True)
class Shown:
    """What one act led to."""

    says: tuple[Says, ...]
    step: Step
    way: tuple[str, ...]
    """What was done to come here."""


@dataclass(slots=True)
class _Place:
    """A moment of the chat from which something is still to be tried."""

    kept: Kept
    messages: dict[str, Message]
    sent: int
    updates: int
    step: Step
    way: tuple[str, ...]
    presses: list[str]


@dataclass
class Crawl:
    """`answers` = by flow and step, or by step, what is written there; `rubbish` = what is tried once at every step."""

    bot: Bot
    storage: KeptStorage
    answers: Mapping[str, Sequence[str]]
    rubbish: Sequence[str]
    navigation: Sequence[str]
    """Labels on every screen, pressed once at every step."""
    look: Callable[[Shown], None]
    seen: set[Any] = field(default_factory=set)
    """The screens that were gone on from; crawls of several scenes share it."""
    scene: int = 0
    through: Sequence[str] = ()
    """The steps, as `flow.step`, from which this scene goes on though others have been there."""
    steps: set[Step] = field(default_factory=set)
    acts: int = 0
    stage: BareStage = field(init=False)
    _engine: NotingEngine = field(init=False)
    _waiting: deque[_Place] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._engine = NotingEngine(conversation(), self.bot.language)
        self.stage = BareStage(self.bot)
        pool = DigestPool(time=lambda: self.acts * 3600.0)  # what was tried elsewhere does not count here
        self.stage.exchanges = replace(self.bot.exchanges(), engine=self._engine, pool=pool)

    async def go(self, firsts: Sequence[str]) -> None:
        """Begin with each of these acts, then try everything that it led to."""
        self.storage.based()
        begin = _Place(
            self.storage.keep(),
            dict(self.stage.messages),
            self.stage.sent,
            self.stage.updates,
            self._engine.stands_at,
            (),
            [],
        )
        for act in firsts:
            await self._try(begin, act)
        while self._waiting:
            place = self._waiting.popleft()
            for act in self._acts_at(place):
                await self._try(place, act)

    def _acts_at(self, place: _Place) -> Iterator[str]:
        is_new = place.step not in self.steps
        where, step = ".".join(place.step), place.step[-1] if place.step else ""
        yield from (f"[{label}]" for label in place.presses if is_new or label not in self.navigation)
        yield from self.answers.get(where, self.answers.get(step, ()))
        if is_new:
            yield from self.rubbish
        self.steps.add(place.step)

    async def _try(self, place: _Place, act: str) -> None:
        self.acts += 1
        self.storage.bring_back(place.kept)
        stage = self.stage
        stage.messages, stage.sent, stage.said = dict(place.messages), place.sent, []
        stage.updates = place.updates
        self._engine.stands_at = place.step
        way = (*place.way, act)
        try:
            await _act(stage, act)
            if self.storage.holds(OutboxMessage.__tablename__):
                await stage.post()
        except Exception as fault:
            raise AssertionError(f"after {' '.join(way)}") from fault
        said, step = tuple(stage.said), self._engine.stands_at
        self.look(Shown(said, step, way))
        new_here = self.scene if ".".join(step) in self.through else -1
        sign = (step, new_here, tuple(_sign(says) for says in said))
        if sign in self.seen or not said:
            return
        self.seen.add(sign)
        new = [key for key in stage.messages if key not in place.messages or key in _altered(said)]
        presses = [label for key in new for label in stage.messages[key].buttons]
        self._waiting.append(
            _Place(
                self.storage.keep(),
                dict(list(stage.messages.items())[-6:]),
                stage.sent,
                stage.updates,
                step,
                way,
                list(dict.fromkeys(presses)),
            )
        )


def _altered(said: Sequence[Says]) -> set[str]:
    return {says.alters.message_id for says in said if says.alters is not None}


async def _act(stage: BareStage, act: str) -> None:
    if act.startswith("["):
        await stage.press(act[1:-1])
    elif act == "(location)":
        await stage.share_location(35.84, 50.99)
    elif act.startswith("("):
        await stage.send(act[1:-1])
    else:
        await stage.say(act)


def _sign(says: Says) -> Any:
    """What tells one screen from another: its sentences and the kinds of its buttons, without what is filled in."""
    return (
        frozenset(_sentences(says.text)),
        frozenset(next(_sentences(button.label), ()) for row in says.rows for button in row),
        says.stays,
    )


def _sentences(param: Param | None) -> Iterator[Any]:
    if isinstance(param, Text):
        yield param.context, param.id
    elif isinstance(param, Joined):
        for part in param:
            yield from _sentences(part)
