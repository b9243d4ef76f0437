"""After the list is closed two people type the public figure, and the word is revealed; reading the seed is noted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from desk.acting import Actor, Permission
from desk.draws.history import DrawEvent, note
from desk.draws.models import DrawFigure
from desk.draws.preparing import SEALED, set_values, to_change
from desk.draws.queries import draws
from desk.draws.refusals import DrawUnusable, NotInThatState
from desk.draws.rows import DrawRow
from desk.draws.rules import DrawFieldFault, DrawState
from desk.draws.seeds import LEAST_WORD, bytes_of_figure, bytes_of_word, commitment
from desk.organisation import NATION
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_or_update, table_of

_figures = table_of(DrawFigure)
_OTHERS = select(_figures.c.figure).where(
    _figures.c.draw_id == bindparam("draw"), _figures.c.staff_id != bindparam("staff")
)
_SEALED = select(draws.c.system_sealed).where(draws.c.id == bindparam("draw"))
LONGEST_WORD = 200


def type_figure(session: WriteSession, *, draw_id: int, figure: str, actor: Actor, now: datetime) -> bool:
    """Type the public figure; it holds once two people typed the same, and then True is returned.

    A person may type theirs anew until then; where two differ, both stay and are shown. Raises OutOfReach,
    NotInThatState, DrawUnusable for another number of digits.
    """
    draw = to_change(session, draw_id=draw_id, actor=actor)
    if draw.state is not DrawState.FROZEN or draw.figure is not None:
        raise NotInThatState(draw_id=draw_id, state=draw.state)
    try:
        digits = bytes_of_figure(figure).decode()
    except ValueError:
        raise DrawUnusable(why=DrawFieldFault.DIGITS) from None
    if len(digits) != draw.figure_digits:
        raise DrawUnusable(why=DrawFieldFault.DIGITS)
    if actor.staff_id is not None:
        session.connection().execute(
            insert_or_update(session, DrawFigure, unique=("draw_id", "staff_id"), updates=("figure", "typed_at")),
            {"draw_id": draw_id, "staff_id": actor.staff_id, "figure": digits, "typed_at": now},
        )
    note(
        session,
        DrawEvent.FIGURE_TYPED,
        draw_id=draw_id,
        province_code=draw.province_code,
        actor=actor,
        data={"figure": digits},
        now=now,
    )
    others = session.scalars(_OTHERS, {"draw": draw_id, "staff": actor.staff_id or 0}).all()
    if digits not in others and not actor.is_system:
        return False
    set_values(session, draw_id, figure=digits)
    return True


def reveal_word(session: WriteSession, *, draw_id: int, word: str, actor: Actor, now: datetime) -> None:
    """Reveal the word, after the list is closed and until an hour after the published hour: who knows it holds it.

    Raises OutOfReach, NotInThatState, DrawUnusable where it is another word.
    """
    draw = to_change(session, draw_id=draw_id, actor=actor)
    if draw.state is not DrawState.FROZEN or draw.done or now >= draw.word_until:
        raise NotInThatState(draw_id=draw_id, state=draw.state)
    told = bytes_of_word(word).decode()
    if not LEAST_WORD <= len(told) <= LONGEST_WORD or commitment(bytes_of_word(word)) != draw.word_hash:
        raise DrawUnusable(why=DrawFieldFault.WORD)
    set_values(session, draw_id, word=told)
    note(session, DrawEvent.WORD_REVEALED, draw_id=draw_id, province_code=draw.province_code, actor=actor, now=now)


def read_seed_part(session: WriteSession, *, draw_id: int, actor: Actor, now: datetime) -> bytes:
    """The system's part of the seed; before the published hour the history says who read it. Raises OutOfReach."""
    actor.require(Permission.CAPACITY_WRITE, at=NATION)
    draw = to_change(session, draw_id=draw_id, actor=actor)
    if now < draw.drawn_at:
        note(session, DrawEvent.SEED_READ, draw_id=draw_id, province_code=draw.province_code, actor=actor, now=now)
    return part_of(session, draw)


def part_of(session: WriteSession, draw: DrawRow) -> bytes:
    """The system's part of the seed, decrypted."""
    sealed = session.scalar(_SEALED, {"draw": draw.id})
    return bytes.fromhex(session.keys.decrypt(sealed or b"", column=SEALED, row=draw.id))
