"""Builds draws in the states in which somebody has to do something."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from desk.draws.models import Draw, DrawFile
from desk.draws.preparing import SEALED
from desk.draws.published import Announced, draw, written
from desk.draws.rows import DrawPlan, DrawRules
from desk.draws.rules import DrawState
from desk.draws.seeds import SeedParts, bytes_of_word, commitment
from desk.storage.base import WriteSession
from tests.makers import NOW, TODAY, at

WORD = "seventeen blue herons"
PART = bytes(range(32))


def plan_of(service_id: int, **over: Any) -> DrawPlan:
    """A draw of the day in thirty days."""
    given: dict[str, Any] = {
        "service_id": service_id,
        "province_code": "IR-30",
        "first_day": TODAY + timedelta(days=30),
        "last_day": TODAY + timedelta(days=30),
        "closes_at": at(TODAY + timedelta(days=20), hour=12),
        "figure_name": "the closing index of that day",
        "figure_digits": 4,
    }
    return DrawPlan(**given | over)


def rules_of(service_id: int) -> dict[str, Any]:
    """What is given to let the places of a service be open."""
    said: dict[str, Any] = {"reason": "scarce", "evidence": {}, "is_drawn": False, "rules": DrawRules()}
    return {"service_id": service_id, "province_code": "IR-30", **said}


def make_draw(session: WriteSession, *, service_id: int, days: int = 10, **over: Any) -> Draw:
    """A draft of the draw of one day, so many days ahead; other states by `over`."""
    day = TODAY + timedelta(days=days)
    given: dict[str, Any] = {
        "service_id": service_id,
        "province_code": "IR-30",
        "name": f"a draw of {day}",
        "first_day": day,
        "last_day": day,
        "state": DrawState.DRAFT,
        "closes_at": at(day - timedelta(days=7), hour=12),
        "drawn_at": at(day - timedelta(days=7), hour=18),
        "figure_name": "the closing index of that day",
        "figure_digits": 4,
        "confirm_minutes": 24 * 60,
        "priority_share": 20,
        "system_sealed": b"",
        "system_hash": commitment(PART),
        "prepared_at": NOW,
        "listed": 0,
        "places": 0,
        "done": 0,
    }
    draw = Draw(**given | over)
    session.add(draw)
    session.flush()
    seal(session, draw.id)
    return draw


def seal(session: WriteSession, draw_id: int) -> None:
    """The system's part, encrypted for this row."""
    sealed = session.keys.encrypt(PART.hex(), column=SEALED, row=draw_id)
    session.execute(update(Draw).where(Draw.id == draw_id).values(system_sealed=sealed))


def frozen(**over: Any) -> dict[str, Any]:
    """What a draw has whose list is closed."""
    return {
        "state": DrawState.FROZEN,
        "word_hash": commitment(bytes_of_word(WORD)),
        "announced_at": NOW - timedelta(days=1),
        "frozen_at": NOW,
        "frozen_hash": "f" * 64,
        **over,
    }


def _announced() -> dict[str, Any]:
    return {"word_hash": commitment(bytes_of_word(WORD)), "announced_at": NOW}


def make_draws(session: WriteSession, *, service_id: int) -> dict[str, int]:
    """Of each province one draft and one whose list is closed; and one draft whose word is committed."""
    codes = {"province": "IR-30", "far province": "IR-23"}
    found = {}
    for days, (name, code) in enumerate(codes.items(), start=10):
        here: dict[str, Any] = {"service_id": service_id, "province_code": code}
        found[name] = make_draw(session, days=days, **here, **frozen()).id
        found[f"draft {name}"] = make_draw(session, days=days + 10, **here).id
    committed = make_draw(session, service_id=service_id, days=25, word_hash=commitment(bytes_of_word(WORD)))
    opened = make_draw(session, service_id=service_id, days=26, state=DrawState.OPEN, **_announced())
    return found | {"committed": committed.id, "open": opened.id}


def make_published(session: WriteSession, *, service_id: int) -> int:
    """A draw that is over, with nobody in its list, and its file."""
    word_hash = commitment(bytes_of_word(WORD))
    announced = Announced(
        system_hash=commitment(PART), word_hash=word_hash, figure_name="the closing index of that day", figure_digits=4
    )
    published = draw(
        name="a draw",
        announced=announced,
        parts=SeedParts(PART, WORD, "1234"),
        requests=[],
        groups=[],
        priority_share=20,
    )
    made = make_draw(
        session,
        service_id=service_id,
        **frozen(
            name="a draw",
            state=DrawState.OVER,
            frozen_hash=published.frozen_hash,
            word=WORD,
            figure="1234",
            published_at=NOW,
            over_at=NOW,
        ),
    )
    session.add(DrawFile(draw_id=made.id, body=gzip.compress(written(published).encode())))
    session.flush()
    return made.id
