"""Asks which service a complaint is about, where the category needs it to compare the fee."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow
from bot.dialogue.questions import Option, Question, Reading, Skip, Taken
from bot.dialogue.steps import Step
from bot.flows.cases.complaint import Complaint, ComplainTalk, Extra
from desk.appointments import chat as appointments
from desk.cases.categories import CATEGORIES, Detail
from desk.catalogue import chat as catalogue
from desk.language.text import Param, lines, words

if TYPE_CHECKING:
    from desk.catalogue.rows import ServiceRow

_ = words("complain")

MOST_SHOWN = 3
"""The number of services on the first screen, beside «I don't know» and «enough»; a button leads to the rest."""

NO_SUCH = _("I found no such service. Write a word of its name, such as «renewal».")
WHICH = _("📄 Which service was it?")


def ask_service(flow: Flow[Complaint], *, extra: Extra) -> None:
    """Add the steps `service` and `any_service`, which fill the draft's `service`."""

    @flow.step(asks="service", optional=True)
    def service(talk: ComplainTalk) -> Question | Skip:
        if Detail.SERVICE not in CATEGORIES[talk.draft.category].asks:
            return Skip()
        likely = _likely_first(talk)
        if not likely:
            return Skip()
        shown = likely if len(likely) <= MOST_SHOWN else likely[: MOST_SHOWN - 1]
        others = () if shown is likely else (Option("others", _("Another service"), then=any_service),)
        return Question(
            lines(WHICH, _("You can write its name, too.")),
            options=(
                *_options(shown),
                *others,
                Option("unknown", _("I don't know"), sets={"service": None}),
                *extra(talk),
            ),
            reads=lambda typed: _search(talk, typed, all_of_them=any_service),
            hint=NO_SUCH,
        )

    @flow.step(aside=True)
    def any_service(talk: ComplainTalk) -> Question:
        found = talk.draft.services_found
        everything = catalogue.services(talk.desk)
        shown = [row for row in everything if row.id in found] or everything
        return Question(
            WHICH,
            options=_options(shown),
            reads=lambda typed: _search(talk, typed, all_of_them=any_service),
            hint=NO_SUCH,
        )


def read_back(talk: ComplainTalk) -> Param | None:
    """The service, for the last look."""
    row = next((row for row in catalogue.services(talk.desk) if row.id == talk.draft.service), None)
    return _("📄 {service}", service=row.title) if row else None


def _likely_first(talk: ComplainTalk) -> list[ServiceRow]:
    """All services, first the one of this chat's last appointment."""
    last = appointments.last(talk.desk)
    services = list(catalogue.services(talk.desk))
    return sorted(services, key=lambda row: last is None or row.id != last.service_id)


def _options(rows: Sequence[ServiceRow]) -> tuple[Option, ...]:
    return tuple(Option(f"s{row.id}", row.short_title, sets={"service": row.id, "services_found": []}) for row in rows)


def _search(talk: ComplainTalk, typed: str, *, all_of_them: Step[ComplainTalk]) -> Reading:
    found = catalogue.search(talk.desk, typed)
    if len(found) == 1:
        return Taken({"service": found[0].id, "services_found": []})
    return Taken({"services_found": [row.id for row in found]}, then=all_of_them) if found else None
