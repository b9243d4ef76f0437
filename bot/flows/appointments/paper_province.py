"""What holds of a paper of another province for a service, said beside a time or asked about before booking."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from desk.catalogue import chat as catalogue
from desk.catalogue.rules import PaperProvince
from desk.language.text import Param, lines, words
from desk.values import LocalDay

if TYPE_CHECKING:
    from desk.catalogue.rows import ServiceCard, ServiceRow
    from desk.conversations.chat import Chat

_ = words("travel")
_BOUND: Final = (PaperProvince.OWN, PaperProvince.REFUSED)


def beside(chat: Chat, service: ServiceRow, *, kinds: Iterable[str]) -> Param | None:
    """What is said beside a time, in one sentence, where it is not asked; None = nothing of it is known, or matters."""
    card = catalogue.card(chat, service.id) if service.minds_province(kinds) else None
    if card is None:
        return None
    both = _("📄 A paper counts only in its own province; from another one a slip is needed too.")
    is_both = card.needs_slip and card.paper_province in _BOUND
    return lines(both if is_both else holds(card), slip_from(card), source(card))


def holds(card: ServiceCard) -> Param:
    """That a paper counts only in its own province, or that who comes from another needs a slip."""
    return lines(
        _("📄 For this a paper counts only in the province that gave it.") if card.paper_province in _BOUND else None,
        _("📄 Who comes from another province needs a travel slip.") if card.needs_slip else None,
    )


def slip_from(card: ServiceCard) -> Param | None:
    """Where the slip is given, as far as it is known."""
    return _("The slip is given here: {where}", where=card.slip_from) if card.needs_slip and card.slip_from else None


def source(card: ServiceCard) -> Param | None:
    """The source of what is said, with its date."""
    if not card.source:
        return None
    if card.source_date is None:
        return _("Source: {source}", source=card.source)
    return _("Source: {source}, {day}", source=card.source, day=LocalDay(card.source_date))
