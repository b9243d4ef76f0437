"""The hidden values of a case's forms: the last entry seen, accepted concerns, and a reply being written."""

from __future__ import annotations

from collections.abc import Iterable

from backoffice.web.http import PageRequest
from desk.cases.concerns import Concern
from desk.language.text import Text, words
from desk.reading.folding import clean

_ = words("case")

ASKED_BACK: dict[Concern, Text] = {
    Concern.COPIES: _("This reads as if copies were asked for. No office may do that: ask to see the original."),
    Concern.CARD_NUMBER: _("This looks like the number of a card or account. Nobody may be asked to pay there."),
    Concern.CARD_ASKED: _(
        "This reads as if the number of a bank card or a payment from card to card were asked for. Nobody may ask for "
        "that: people pay at the card reader of the office."
    ),
}


def seen_by(request: PageRequest) -> int | None:
    """The last entry that the page showed; None where the form does not say."""
    typed = str(request.form.get("seen") or "")
    return int(typed) if typed.isdecimal() and len(typed) < 16 else None


def accepted_by(request: PageRequest) -> frozenset[Concern]:
    """The concerns that the writer was asked about and accepts."""
    given = str(request.form.get("accepted") or "").split(",")
    return frozenset(each for each in Concern if each.value in given)


def accepted_as(concerns: Iterable[Concern]) -> str:
    """The same as a form value."""
    return ",".join(sorted(each.value for each in concerns))


def begun(request: PageRequest) -> str | None:
    """The reply that was being written while another form was sent; None where the form does not say."""
    typed = request.form.get("draft")
    return None if typed is None else clean(str(typed))
