"""The page of a service: what is known of it, and once what is not, with what to do meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flows import wording
from bot.flows.catalogue import announcing
from desk.announcements.rules import unknown_of
from desk.language import labels
from desk.language.text import Param, lines, paragraphs, words

if TYPE_CHECKING:
    from desk.catalogue.rows import ServiceCard, StepRow

_ = words("services")


def page(shown: ServiceCard, *, takes_appointments: bool, waits: bool = False) -> Param:
    """Everything that the first look needs.

    `takes_appointments` = some office offers it now; `waits` = the chat is told when what is unknown is announced.
    """
    return paragraphs(
        _("**{service}**", service=shown.title),
        lines(
            _("**What this does can't be undone.**"),
            _("Where to object: {where}", where=shown.objection) if shown.objection else None,
        )
        if shown.is_irreversible
        else None,
        lines(
            wording.fee(shown.fee) if shown.fee else None,
            wording.fee_source(shown),
            wording.who_comes(shown),
            _("👤 One visit serves a whole household: come together.") if shown.is_per_household else None,
            wording.duration(shown),
            None if takes_appointments else place(shown),
            _unknown(shown),
            announcing.WAITS if waits else None,
            wording.BRING_ALL if shown.is_bookable and not shown.papers else None,
        ),
        _advice(shown, takes_appointments=takes_appointments),
    )


def place(shown: ServiceCard) -> Param | None:
    """Where it is done and who is in charge; None where neither is known."""
    if not shown.channel and not shown.agency:
        return None
    return lines(
        _("📍 Where: {channel}", channel=labels.channel(shown.channel)) if shown.channel else None,
        _("In charge: {agency}", agency=shown.agency) if shown.agency else None,
    )


def steps(shown: ServiceCard) -> Param | None:
    """The steps in their order; None where none is known."""
    if not shown.steps:
        return None
    told = lines(_("**The steps**"), *(_step(number, step) for number, step in enumerate(shown.steps, start=1)))
    return paragraphs(told, _where_to_object(shown))


def details(shown: ServiceCard) -> Param | None:
    """What else is known; None where that is nothing."""
    known = (
        shown.description,
        _("Recorded at the counter: {what}", what=shown.taken_at_counter) if shown.taken_at_counter else None,
        _("Where to object: {where}", where=shown.objection) if shown.objection and not shown.is_irreversible else None,
        _("Source: {source}", source=shown.source) if shown.source else None,
    )
    return paragraphs(*known, _where_to_object(shown)) if any(known) else None


def _where_to_object(shown: ServiceCard) -> Param | None:
    """The end of a page that is for information only and about what cannot be undone."""
    if shown.is_bookable or not shown.is_irreversible:
        return None
    return lines(
        _("Where to object: {where}", where=shown.objection or wording.NOT_ANNOUNCED),
        _("A letter about it may say where and until when. Please keep it."),
    )


def _unknown(shown: ServiceCard) -> Param | None:
    """What is not announced, in one line."""
    # Whether an office offers it is said below, with what that means.
    return wording.not_yet(*map(announcing.named, unknown_of(shown, is_offered=True)))


def _advice(shown: ServiceCard, *, takes_appointments: bool) -> Param:
    if not shown.is_bookable:
        return _("This page is for information only. No turn is taken for it here.")
    return lines(
        _("Nobody may take more than this.") if shown.fee else None,
        wording.APPOINTMENTS_ARE_FREE if takes_appointments else _("No office gives turns for it here yet."),
    )


def _step(number: int, step: StepRow) -> Param:
    if step.agency is None:
        return _("{n}. {step}", n=number, step=step.title)
    return _("{n}. {step} ({agency})", n=number, step=step.title, agency=step.agency)
