"""Tells anybody who has the code of an appointment whether it counts, for what, where and on which day; never whose it
is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Go, Option, Question, Reading, Skip, Taken, Unclear
from bot.dialogue.steps import Step
from desk.appointments import chat as appointments
from desk.codes import CodeKind, TrackingCode
from desk.language.text import Param, lines, paragraphs, words
from desk.reading.codes import has_as_many_digits, read_code
from desk.values import LocalDay

if TYPE_CHECKING:
    from desk.appointments.rows import Validity

_ = words("check a turn")


@dataclass(slots=True)
class CheckDraft:
    code: str = ""
    """The code of an appointment that was found; "" = none was asked for yet, or none has it."""
    is_unknown: bool = False
    """True = no appointment has the code that was written last."""


CheckTalk = Talk[CheckDraft]

flow = Flow("check", draft=CheckDraft)

SOLD_TO_ME = Option("sold", _("📣 It was sold to me"), then=Go("complain", "BROKER"))
MY_OTHER_PHONE = Option("phone", _("📱 It's my own turn"), then=Go("phone"))
WRITE_CODE = _("The code of a turn has nine digits. Please look once more.")


@flow.enter
def with_a_code(talk: CheckTalk, digits: str) -> Go | None:
    """The digits of the code of an appointment; without them the code is asked for."""
    code = read_code(digits) if digits else None
    if code is None or code.kind is not CodeKind.APPOINTMENT:
        return None
    reading = _looked_up(talk, code)
    if isinstance(reading.then, Go):
        return reading.then
    for name, value in reading.sets.items():
        setattr(talk.draft, name, value)
    return None


@flow.leave
def forget_the_code(talk: CheckTalk) -> None:
    """Somebody else's code is not kept beside the chat."""
    talk.draft.code, talk.draft.is_unknown = "", False


@flow.step(asks="code")
def which(talk: CheckTalk) -> Question:
    asks: Param = _("Which turn? Write the nine digits of its code.")
    if talk.draft.is_unknown:
        asks = lines(_("⛔ No turn has this code."), _("Please look at it once more and write it."))
    return Question(
        asks,
        options=(SOLD_TO_ME,) if talk.draft.is_unknown else (),
        reads=lambda typed: _read(talk, typed),
        reads_first=True,
        hint=WRITE_CODE,
    )


@flow.step
def told(talk: CheckTalk) -> Question | Skip:
    """What the code is worth at this moment."""
    code = talk.draft.code  # "" on the way back from another flow, which began with leaving this one
    found = appointments.checked(talk.desk, TrackingCode(code)) if code else None
    if found is None:
        return Skip({"code": ""}, then=which)
    return Question(
        _worth(found),
        options=(SOLD_TO_ME, MY_OTHER_PHONE) if found.is_valid else (SOLD_TO_ME,),
        reads=lambda typed: _read(talk, typed, on=told) if read_code(typed) is not None else None,  # the next one
    )


def _worth(found: Validity) -> Param:
    what = lines(
        _("**{service}**", service=found.service.title),
        _("🗓 {day}", day=LocalDay(found.day)),
        _("📍 {office}, {city}", office=found.office.name, city=found.office.city),
    )
    if not found.is_valid:
        return paragraphs(_("⛔ **This turn no longer counts.**"), what)
    return paragraphs(
        _("✅ **This turn counts.**"),
        what,
        lines(
            _("Only its owner can use it, with the original paper."),
            _("Nobody can sell it or give it to you."),
        ),
    )


def _read(talk: CheckTalk, typed: str, *, on: Step[CheckTalk] | None = None) -> Reading:
    """What the typed text leads to; `on` = the step that shows what was found, where the person is on it."""
    code = read_code(typed)
    if code is None and has_as_many_digits(typed):
        return Taken({"code": "", "is_unknown": True}, then=which)
    if code is None:
        return Unclear(WRITE_CODE) if any(map(str.isdigit, typed)) else None
    if code.kind is not CodeKind.APPOINTMENT:
        return Taken(then=Go("follow", f"code.{code.digits}"))
    return _looked_up(talk, code, on=on)


def _looked_up(talk: CheckTalk, code: TrackingCode, *, on: Step[CheckTalk] | None = None) -> Taken:
    """What the code leads to: one of this chat to its own page, one that is looked up to what it is worth."""
    own = next((each for each in appointments.mine(talk.desk, live_only=False) if each.code == code), None)
    if own is not None:
        return Taken(then=Go("turns", f"show.{own.id}"))
    if appointments.check(talk.desk, code) is not None:
        return Taken({"code": code.digits, "is_unknown": False}, then=on)
    if appointments.checks_rest_until(talk.desk) is not None:
        return Taken(then=Go("follow"))  # it says until when
    return Taken({"code": "", "is_unknown": True}, then=which)
