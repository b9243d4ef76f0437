"""Why a question after a visit is not answered, or how people are asked is not changed."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal


@dataclass(frozen=True)
class QuestionOver(Refusal):
    """It was answered or waved away already, or its week is over."""

    appointment_id: int


@dataclass(frozen=True)
class HourOutside(Refusal):
    """People are asked in the evening and not at night: not at this hour."""

    ask_at: int
