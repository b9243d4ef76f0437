"""Giving back together the appointments of all who come together: the question, its button and what is said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Meaning, Option, Question, Target
from bot.dialogue.says import ButtonStyle
from bot.flows import wording
from bot.flows.appointments import joint_ticket
from desk.appointments import chat as appointments
from desk.language.text import Param, lines, paragraphs, words
from desk.values import LocalMoment

if TYPE_CHECKING:
    from desk.appointments.rows import AppointmentRow
    from desk.conversations.chat import Chat

_ = words("turns")

WHENEVER: Final = _("You can get others whenever you like.")


def option(group: Sequence[AppointmentRow], *, asked_at: Target) -> Option:
    """The button beside cancelling one alone; that screen speaks of one person, so everybody is read back first."""
    return Option("all", _("Cancel all {n}", n=len(group)), then=asked_at, sets={"wish": "cancel_all"})


def asks(chat: Chat, group: Sequence[AppointmentRow], *, none_until: Param | None, keep: Option) -> Question:
    """Whether all of them are given back; everybody is read back."""
    first = group[0]
    return Question(
        paragraphs(
            lines(
                _("**{service}**", service=first.service.title),
                wording.when_where(first, today=chat.today),
                _("👤 {person}", person=joint_ticket.names_of(group)),
            ),
            lines(
                _("Shall we cancel all {n} turns? Their places then go to others.", n=len(group))
                if appointments.places_given_back(chat, group) > 1
                else _("Shall we cancel all {n} turns? Their one place then goes to others.", n=len(group)),
                none_until,
            ),
        ),
        options=(
            keep,
            Option("all", _("Yes, cancel them all"), style=ButtonStyle.DANGER, means=Meaning.YES),
        ),
    )


def done(group: Sequence[AppointmentRow]) -> Param:
    """That all are cancelled, and which they were."""
    told = _("⛔ **The turns of {people} are cancelled.**", people=joint_ticket.names_of(group))
    if len({each.starts_at for each in group}) == 1:
        return lines(told, _("🕘 It was: {when}", when=LocalMoment(group[0].starts_at, group[0].zone)))
    return lines(
        told,
        *(
            _(
                "🕘 It was, for {person}: {when}",
                person=each.person_name or wording.NOT_ANNOUNCED,
                when=LocalMoment(each.starts_at, each.zone),
            )
            for each in group
        ),
    )
