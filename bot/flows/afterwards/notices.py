"""Composes the question in the evening of a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.dialogue.says import Button, Says
from bot.flows import wording
from bot.flows.afterwards.saying import ALL_WELL, ASK, NO_WISH, NOT_ALL, ONLY_COUNTED, WAVE, WELL, to, visit
from bot.flows.tables import Notices, Params
from desk.afterwards import chat as afterwards
from desk.afterwards.rules import AfterNotice
from desk.appointments.rules import AppointmentState
from desk.language.text import lines, paragraphs, words

if TYPE_CHECKING:
    from desk.conversations.chat import Chat

_ = words("after a visit")


def ask(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """None where the outcome was taken back, the question is over, or it would arrive at night."""
    asked = afterwards.visit(chat, int(params["appointment"]))
    if asked is None or not asked.is_open or afterwards.is_night(chat):
        return None
    appointment = asked.appointment
    well, not_all = to(appointment, WELL).data, to(appointment, ASK).data
    means = (
        _("All well means: done, orange receipt, no copy, with respect.")
        if appointment.service.channel == wording.COUNTER_OFFICE
        else _("All well means: done, receipt, no copy, with respect.")
    )
    if appointment.state is AppointmentState.COME_BACK:
        means = _("All well means: the receipt for what you paid, no copy, with respect.")
    return (
        Says(
            paragraphs(_("**How was the visit?**"), visit(appointment), lines(means, ONLY_COUNTED)),
            rows=(
                (Button(ALL_WELL, well),),
                (Button(NOT_ALL, not_all),),
                (Button(NO_WISH, to(appointment, WAVE).data),),
            ),
            stays=True,
            asks=True,
            answers=(well, not_all),
        ),
    )


NOTICES: Final[Notices] = {AfterNotice.ASK: ask}
