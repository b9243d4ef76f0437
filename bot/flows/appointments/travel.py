"""Said before booking: where a paper is served only in its own province, or the way from another one needs a slip.

In which province the paper was given is asked only where it matters, and kept nowhere but in the answers so far.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.dialogue.questions import Go, Meaning, Option, Question
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from bot.flows.appointments.free_times import TimeDraft
from bot.flows.appointments.paper_province import holds, slip_from, source
from bot.flows.offices import find_office
from bot.flows.offices.find_office import OfficeDraft
from desk.catalogue import chat as catalogue
from desk.catalogue.rules import PaperProvince
from desk.language.text import Param, lines, paragraphs, words

if TYPE_CHECKING:
    from desk.catalogue.rows import ServiceCard, ServiceRow
    from desk.conversations.chat import Chat
    from desk.offices.rows import OfficeRow

_ = words("travel")

NEXT: Final = "next"
"""In the place of a province: that of the office which is chosen next."""


@dataclass(slots=True)
class TravelDraft:
    """Of provinces the codes; "" = nothing was said."""

    own: str = ""
    """The province of the paper."""
    not_from: str = ""
    """A province from which the paper is not."""
    accepted: str = ""
    """The province in which they come all the same."""


def settle(draft: TravelDraft, province: str) -> None:
    """Take the province of the office that was chosen for that of the paper, where the person went there for it.

    Not the one from which it is not, to which a lone province leads back.
    """
    if draft.own == NEXT and province:
        draft.own = "" if province == draft.not_from else province


def is_open(draft: TravelDraft, service: ServiceRow, office: OfficeRow, *, kinds: Iterable[str]) -> bool:
    """Whether something is to be asked or said before a booking for holders of these kinds of paper."""
    return service.minds_province(kinds) and office.province_code not in (draft.own, draft.accepted)


def asks(
    chat: Chat,
    draft: TravelDraft,
    *,
    service_id: int,
    office: OfficeRow,
    people: int,
    again: Step[Any],
    then: Step[Any],
) -> Question:
    """Whether the papers are of the province of the office; where not, what holds and where to go from here."""
    card, here = catalogue.card(chat, service_id), office.province_code
    if card is None:
        raise LookupError(f"no service {service_id}")
    if not draft.own and draft.not_from != here:
        return Question(
            lines(holds(card), _given_there(office, people=people)),
            options=(
                Option(
                    "yes",
                    _("✅ Yes, there"),
                    sets={"travel": TravelDraft(own=here)},
                    then=then,
                    style=ButtonStyle.CONFIRM,
                    means=Meaning.YES,
                ),
                Option(
                    "no",
                    _("No, elsewhere"),
                    sets={"travel": TravelDraft(not_from=here)},
                    then=again,
                    means=Meaning.NO,
                ),
            ),
        )
    is_refused = card.paper_province is PaperProvince.REFUSED
    return Question(
        paragraphs(holds(card), _next(card, office), source(card)),
        options=(
            Option(
                "own",
                _("📍 My own province"),
                sets={"travel": TravelDraft(own=NEXT, not_from=here), "where": OfficeDraft(), "when": TimeDraft()},
                then=find_office.province,
            ),
            *(
                ()
                if is_refused
                else (
                    Option(
                        "go",
                        _("I come all the same"),
                        sets={"travel": TravelDraft(draft.own, here, accepted=here)},
                        then=then,
                    ),
                )
            ),
            Option("here", _("It was given here"), sets={"travel": TravelDraft(own=here)}, then=then),
            Option("ask", _("💬 Ask the desk"), then=Go("ask")),
        ),
    )


def _given_there(office: OfficeRow, *, people: int) -> Param:
    if people > 1:
        return _("Were the papers of all given in {province}?", province=office.province_name)
    return _("Was the paper given in {province}?", province=office.province_name)


def _next(card: ServiceCard, office: OfficeRow) -> Param:
    """The next step, in the order in which it helps."""
    province = office.province_name
    if card.paper_province is PaperProvince.REFUSED:
        return _("So no turn can be taken in {province} with it.", province=province)
    return lines(
        _("The office in {province} may send you back.", province=province)
        if card.paper_province is PaperProvince.OWN
        else None,
        slip_from(card),
    )
