"""What somebody wishes for at the counter: chosen at the last look, said beside what the office says of itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

from bot.dialogue.questions import Option, Question
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from bot.flows import wording
from desk.appointments.rules import AssistanceState
from desk.language.labels import ASSISTANCE
from desk.language.text import Param, Text, lines, paragraphs, series, words
from desk.language.vocabulary import weekday
from desk.offices import chat as offices
from desk.offices.rules import Assistance

if TYPE_CHECKING:
    from datetime import date

    from desk.appointments.rows import AppointmentRow
    from desk.conversations.chat import Chat

_ = words("assistance")

WHICH: Final = _("👩 Clerk, interpreter")
"""The button at the last look, for those who wish for something."""
NOT_CERTAIN: Final = _("We tell the office, but it is not certain.")
EVERY_DAY: Final = frozenset(range(7))


def kinds_in(chosen: Sequence[str]) -> list[Assistance]:
    """What a draft holds, in the order of the screen."""
    return [kind for kind in Assistance if kind in chosen]


def asks(chat: Chat, office_id: int, *, chosen: Sequence[str], then: Step[Any]) -> Question:
    """What the office says that it has, and a button for each; pressed again it is not wished for."""
    said = offices.stated_assistance(chat, office_id)
    return Question(
        paragraphs(
            _("👩 What would help you at the office?"),
            lines(_("The office says:"), *(_stated(kind, said.weekdays.get(kind)) for kind in Assistance)),
            NOT_CERTAIN,
        ),
        options=tuple(
            Option(
                kind.value,
                _("{mark} {wish}", mark="✅" if kind in chosen else "▫️", wish=ASSISTANCE[kind]),
                sets={"assistance": [each for each in Assistance if (each == kind) != (each in chosen)]},
                then=then,
                style=ButtonStyle.CONFIRM if kind in chosen else ButtonStyle.PLAIN,
            )
            for kind in Assistance
        ),
    )


def at_last_look(chat: Chat, office_id: int, *, day: date, chosen: Sequence[str]) -> Param | None:
    """What is wished for and whether the office says that it has it on the day; None where nothing is."""
    if not chosen:
        return None
    said = offices.stated_assistance(chat, office_id)
    return lines(
        *(
            _on_the_day(kind, said.has(kind, on=day), weekdays=said.weekdays.get(kind) or ())
            for kind in kinds_in(chosen)
        ),
        NOT_CERTAIN,
    )


def of(appointment: AppointmentRow) -> Param | None:
    """What is wished for with an appointment, and what the office answered; None where nothing is."""
    asked = [each.kind for each in appointment.wished if each.state is AssistanceState.ASKED]
    answered = answers(appointment)
    if not asked:
        return answered
    wishes = series(*(ASSISTANCE[kind] for kind in asked))
    return lines(answered, _("👩 You wish for {wishes}; the office sees it.", wishes=wishes))


def answers(appointment: AppointmentRow) -> Param | None:
    """What the office answered for the time of the appointment; None where it has not."""
    said: list[Text] = []
    for kind, state in appointment.wished:
        if state is AssistanceState.ARRANGED:
            said.append(_("✅ The office has arranged it: **{wish}**", wish=ASSISTANCE[kind]))
        elif state is AssistanceState.CANNOT:
            said.append(_("The office cannot arrange it: **{wish}**", wish=ASSISTANCE[kind]))
    return lines(*said) if said else None


def is_refused(appointment: AppointmentRow) -> bool:
    """Whether the office said of something that it cannot."""
    return any(state is AssistanceState.CANNOT for _kind, state in appointment.wished)


def _stated(kind: Assistance, weekdays: Collection[int] | None) -> Param:
    if weekdays is None:
        said: Param = wording.NOT_ANNOUNCED
    elif not weekdays:
        said = _("on no day")
    elif set(weekdays) >= EVERY_DAY:
        said = _("every day")
    else:
        said = _days(weekdays)
    return _("{wish}: {said}", wish=ASSISTANCE[kind], said=said)


def _on_the_day(kind: Assistance, has: bool | None, *, weekdays: Collection[int]) -> Param:
    """What the office says of the day; where it has it on others, which these are, so that one of them can be taken."""
    if has is None:
        said: Param = wording.NOT_ANNOUNCED
    elif has:
        said = _("the office says that it is there on that day")
    elif weekdays:
        said = _("the office says: not on that day, but {days}", days=_days(weekdays))
    else:
        said = _("the office says: not on that day")
    return _("👩 You wish for {wish}: {said}", wish=ASSISTANCE[kind], said=said)


def _days(weekdays: Collection[int]) -> Param:
    return series(*(weekday(number) for number in sorted(weekdays)))
