"""What a chat may know of draws: the next one for a request, and what became of the request in the last one."""

from __future__ import annotations

from dataclasses import dataclass

from desk.capacity.drawing import last_open_day
from desk.conversations.chat import Chat
from desk.draws import queries
from desk.draws.rows import DrawRow, WhereRow
from desk.offices import chat as offices
from desk.waiting.rows import RequestRow, StandingWish


@dataclass(frozen=True, slots=True)
class DrawSeen:
    """A draw, and what became of one request in it."""

    draw: DrawRow
    where: WhereRow


def provinces_of(chat: Chat, wish: StandingWish) -> list[str]:
    """The provinces in which a wish lies."""
    by_office = offices.several(chat, list(wish.office_ids))
    return sorted({*wish.province_codes, *(row.province_code for row in by_office.values())})


def is_drawn(chat: Chat, *, service_id: int, province_codes: list[str]) -> bool:
    """Whether places of this service are drawn in one of these provinces."""
    return any(
        last_open_day(chat.session, service_id=service_id, province_code=code) is not None for code in province_codes
    )


def next_draw(chat: Chat, *, service_id: int, province_codes: list[str]) -> DrawRow | None:
    """The announced draw whose list closes next; None = none is announced."""
    return queries.next_draw(chat.session, service_id=service_id, province_codes=province_codes, now=chat.now)


def seen(chat: Chat, request: RequestRow) -> DrawSeen | None:
    """The last draw in whose list the request stands; None = it was in none."""
    for draw_id, where in queries.draws_of_request(chat.session, request_id=request.id):
        draw = queries.draw_of(chat.session, draw_id=draw_id)
        if draw is not None:
            return DrawSeen(draw, where)
    return None


def seen_in(chat: Chat, request: RequestRow, *, draw_id: int) -> DrawSeen | None:
    """What became of the request in this draw."""
    draw = queries.draw_of(chat.session, draw_id=draw_id)
    where = queries.where_was(chat.session, draw_id=draw_id, public_id=request.public_id)
    return None if draw is None or where is None else DrawSeen(draw, where)
