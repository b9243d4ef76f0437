"""Sentences about draws: that places are not for who comes first, when they are drawn, and what became of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.codes import PublicId
from desk.draws import chat as draws
from desk.draws.rules import DrawState
from desk.language.text import Link, Locale, Param, lines, words
from desk.values import LocalMoment

if TYPE_CHECKING:
    from desk.conversations.chat import Chat
    from desk.draws.chat import DrawSeen
    from desk.draws.rows import DrawRow
    from desk.waiting.rows import RequestRow, StandingWish

_ = words("draw")


def when(draw: DrawRow) -> LocalMoment:
    """The published hour."""
    return LocalMoment(draw.drawn_at)


def before_asking(chat: Chat, *, service_id: int, wish: StandingWish) -> Param | None:
    """How the places of this wish are given, where they are drawn; None = they are open."""
    codes = draws.provinces_of(chat, wish)
    if not draws.is_drawn(chat, service_id=service_id, province_codes=codes):
        return None
    following = draws.next_draw(chat, service_id=service_id, province_codes=codes)
    if following is None:
        return lines(
            _("These places are drawn; the next draw is not announced yet."), _("Shall we write you in for it?")
        )
    return lines(
        _("These places are drawn, not first come. The draw is on {when}.", when=when(following)),
        _("The result comes here; shall we write you in?"),
    )


def of_request(chat: Chat, request: RequestRow) -> Param | None:
    """How it stands with a request whose places are drawn; None = they are open."""
    codes = draws.provinces_of(chat, request.wish)
    last = draws.seen(chat, request)
    if last is not None and last.draw.state is DrawState.FROZEN:
        return on_its_page(chat, last.draw, _("⏳ The list is closed. The draw is on {when}.", when=when(last.draw)))
    if last is not None and last.draw.state is DrawState.DRAWN and (last.where.is_next or last.where.is_drawn):
        return on_its_page(chat, last.draw, result(last))
    if not draws.is_drawn(chat, service_id=request.service.id, province_codes=codes):
        return None
    following = draws.next_draw(chat, service_id=request.service.id, province_codes=codes)
    if following is None:
        return _("⏳ The places are drawn; the next draw is not announced yet.")
    takes_part = lines(
        # Said to everybody: neither of two chats with one number learns of the other.
        _("⏳ You are written in for the draw of {when}; each number counts once.", when=when(following)),
        _("The result comes here; you need not look again."),
    )
    return on_its_page(chat, following, takes_part)


def on_its_page(chat: Chat, draw: DrawRow, said: Param) -> Param:
    """What is said of a draw, and the page on which anybody sees it, where people can reach one."""
    if not chat.pages:
        return said
    dari = "?lang=fa_AF" if chat.me.locale is Locale.FA_AF else ""
    return lines(said, _("Anybody sees this draw here:"), Link(f"{chat.pages}/draws/{draw.id}{dari}"))


def number_of(request: RequestRow) -> Param:
    """The number by which the person finds the request on the public page of a draw, to be copied."""
    return lines(_("Your number in the draw:"), PublicId(request.public_id))


def result(last: DrawSeen) -> Param:
    """Whether the request was drawn, of how many, and at which place of the order."""
    draw, where = last.draw, last.where
    if draw.state is DrawState.DRAWN:
        next_one = _("In the order you are number {n}; a place given back goes to the next.", n=where.position or 0)
    else:  # what was given back has gone to somebody, or is open to everybody
        next_one = _("In the order you were number {n}. The draw is over.", n=where.position or 0)
    if where.is_taken_away:
        return lines(_("You were drawn, but that time is there no more. We are sorry."), next_one)
    if where.is_drawn:
        return _("✅ You were drawn. The message with the time comes here.")
    return lines(
        _("You were not drawn: {places} places, {asked} asked.", places=draw.places, asked=draw.listed),
        next_one,
    )
