"""Follow a complaint or a question, from the list or by its code: read the thread, add, object, say that it is
solved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import BACK, Done, Go, Json, Meaning, Option, Question, Reading, Skip, Taken, Unclear
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from bot.flows import links
from bot.flows.appointments import menu
from bot.flows.cases import answering_desk, filed, telling, thread, tone
from desk.appointments import chat as appointments
from desk.cases import chat as cases
from desk.cases.refusals import NotYourCase
from desk.cases.rules import PERSONS_OWN, CaseKind, CaseState, Contact, is_untouched
from desk.codes import CodeKind, TrackingCode
from desk.language.text import Param, lines, paragraphs, words
from desk.reading.codes import read_code
from desk.reading.folding import ascii_digits
from desk.transfers import chat as transfers
from desk.values import LocalMoment

if TYPE_CHECKING:
    from desk.cases.rows import CaseRow

_ = words("follow")


@dataclass(slots=True)
class FollowDraft:
    case: int = 0
    by_code: str = ""
    """The code by which a case of another chat or of nobody was opened; "" = it is this chat's own."""
    earlier: int = 0
    """The number of latest entries that were read already."""
    does: str = ""
    agrees: bool = False
    """True = the person confirmed that they take it back."""
    more: dict[str, Json] | None = None
    has_nothing: bool = False
    """True = the person objects without a text."""
    is_brought: bool = False
    """What is to be added was written or said elsewhere, without being asked for."""


FollowTalk = Talk[FollowDraft]

flow = Flow("follow", draft=FollowDraft, is_private=True, tells_desk=True, takes_words_in=True)


@flow.enter
def from_a_notice(talk: FollowTalk, arg: str) -> Step[FollowTalk] | Go | None:
    """`<case id>` shows the thread; only for a case of this chat.

    `<case id>.more` asks for an addition; `.solved` and `.object` answer the desk's reply. Where that is no longer
    possible, as from an old message, the thread is shown. `.said` is for words that were written elsewhere: they are
    added, or object to the closing. `code.<digits>` is a code that was written elsewhere, which
    counts as if it were written here.
    """
    number, _dot, wish = arg.partition(".")
    if number == "code":
        return _entered_by_code(talk, wish)
    case = cases.case(talk.desk, links.id_in(number))
    if case is None:
        return None
    talk.draft.case = case.id
    if wish == answering_desk.SAID:
        talk.draft.is_brought = True
        talk.draft.does = "object" if case.state is CaseState.CLOSED else "more"
        return None
    is_open = wish == "more" and case.state is not CaseState.CLOSED
    if is_open or (wish in ("solved", "object") and _may_decide(case, wish, now=talk.now)):
        talk.draft.does = wish
    return None


@flow.leave
def forget_the_code(talk: FollowTalk) -> None:
    """What was found by a code is not kept beside the chat: the way back leads to the question for a code."""
    if talk.draft.by_code:
        talk.draft.case, talk.draft.by_code, talk.draft.more = 0, "", None


@flow.step(asks="case")
def which(talk: FollowTalk) -> Question:
    mine = cases.mine(talk.desk)
    my_appointments = (menu.MY_APPOINTMENTS,) if appointments.mine(talk.desk) else ()
    listed = lines(*(thread.in_a_line(case) for case in mine[:LISTED])) if mine else None
    until = cases.rests_until(talk.desk)
    if until is not None:
        ask: Param = _resting(until, has_own=bool(mine or my_appointments))
    else:
        ask = (
            _("Choose one, or write the digits of the code.")
            if mine or my_appointments
            else _("Write the digits of the code.")
        )
    return Question(
        paragraphs(ask, listed) if listed else ask,
        options=(
            *(Option(f"c{case.id}", thread.about(case), sets=_opened(case)) for case in mine),
            *my_appointments,
            *((ASK_DESK,) if until else ()),
        ),
        reads=lambda typed: _by_code(talk, typed),
        reads_first=True,
        hint=None if until else WRITE_CODE,
        has_back=until is None,
    )


@flow.step(aside=True)
def unknown_code(talk: FollowTalk) -> Question | Skip:
    """No case has this code; after too many of these the first question says that look-ups are blocked."""
    if cases.rests_until(talk.desk) is not None:
        return Skip(then=which)
    return Question(
        lines(_("I don't find this code here."), _("Please look at it once more and write it.")),
        reads=lambda typed: _by_code(talk, typed),
        hint=WRITE_CODE,
    )


@flow.step(unless=lambda draft: bool(draft.does))
def read(talk: FollowTalk) -> Question | Skip:
    return _page(talk, skipped=0)


@flow.step(aside=True)
def earlier(talk: FollowTalk) -> Question | Skip:
    return _page(talk, skipped=talk.draft.earlier)


@flow.step(asks="agrees", unless=lambda draft: draft.does != "withdraw")
def take_back(talk: FollowTalk) -> Question | Skip:
    case = _case(talk)
    if case is None or not _may_withdraw(talk, case):
        is_held = case is not None and case.state is not CaseState.CLOSED
        return Skip({"does": ""}, then=read, gone=TAKEN if is_held else None)
    return Question(
        lines(_("Shall we take your question back?"), _("Then the desk does not answer it.")),
        options=(
            Option("yes", _("Yes, take it back"), sets={"agrees": True}, style=ButtonStyle.DANGER, means=Meaning.YES),
            Option("no", _("No, leave it there"), sets={"does": ""}, then=read, means=Meaning.NO),
        ),
    )


@flow.step(asks="more", unless=lambda draft: draft.does in ("solved", "withdraw"))
def more(talk: FollowTalk) -> Question | Skip:
    case = _case(talk)
    if case is None:
        return Skip(then=which)
    if talk.draft.does == "object":
        nothing = Option("nothing", _("I have nothing to add"), sets={"more": None, "has_nothing": True})
        return telling.ask_to_tell(
            lines(_("We look at it once more. What was not right?"), telling.WRITE_OR_SAY),
            field="more",
            options=(nothing,),
        )
    return telling.ask_to_tell(
        lines(_("What would you like to add?"), telling.WRITE_OR_SAY, telling.NO_NUMBERS), field="more"
    )


@flow.step(unless=lambda draft: draft.does in ("solved", "withdraw") or draft.has_nothing)
def look(talk: FollowTalk) -> Question | Skip:
    """The last check before sending."""
    case = _case(talk)
    if case is None:
        return Skip(then=which)
    if not talk.draft.more:
        return Skip(then=more)
    is_reopened = talk.draft.is_brought and case.state is CaseState.CLOSED
    return telling.ask_last_look(
        talk.draft.more,
        to=lines(thread.about(case), OPENS_AGAIN if is_reopened else None),
        field="more",
        anew=None if talk.draft.is_brought else more,
        other=BACK,
    )


@flow.finish
def done(talk: FollowTalk) -> Done:
    draft, by_code = talk.draft, bool(talk.draft.by_code)
    case = _case(talk)
    if case is None:
        raise NotYourCase(draft.case)
    back = () if by_code else ((_("🔎 See it"), Go("follow", str(case.id))),)
    text, voice = telling.text_of(draft.more), telling.voice_of(draft.more)
    match draft.does:
        case "solved":
            cases.confirm_solved(talk.desk, case, by_code=by_code)
            if by_code:
                return Done(lines(_("✅ We are glad."), _waits(talk)))
            closed = _case(talk)
            until = thread.reopens_until(closed) if closed else None
            return Done(lines(_("✅ We are glad. It is closed now."), until), links=back)
        case "withdraw":
            cases.withdraw(talk.desk, case)
            closed = _case(talk)
            until = thread.reopens_until(closed) if closed else None
            return Done(lines(_("✅ Your question is taken back."), until), links=back)
        case "object":
            cases.object_to(talk.desk, case, key=talk.key, by_code=by_code, text=text, voice=voice)
            if by_code:
                return Done(lines(_("The desk looks at it once more."), _waits(talk)))
            told = lines(_("It is open again; the desk looks at it once more."), _due(talk))
            return Done(told, links=back, resumes=draft.is_brought)
        case _:
            cases.say_more(talk.desk, case, key=talk.key, by_code=by_code, text=text, voice=voice)
            if by_code:
                return Done(lines(_("✅ It is with us."), _waits(talk)))
            told = lines(_("✅ It is added; the desk reads it."), _due(talk))
            return Done(told, links=back, resumes=draft.is_brought)


ON_ITS_WAY = _("⏳ What you told is on its way. The desk sees it within a quarter of an hour.")
TAKEN = _("The desk has taken it already. This is how it stands now:")
OPENS_AGAIN = _("It is closed; your message opens it again.")
LISTED = 4
"""The number of cases whose state the text shows; all have a button."""

WRITE_CODE = _("A code has nine or twelve digits. Please look once more; one digit may differ.")
ASK_DESK = Option("ask", _("💬 Ask the desk"), then=Go("ask"))


def _waits(talk: FollowTalk) -> Param:
    """When the desk sees what was told under a code: what still waits is handed over within a quarter of an hour."""
    case = _case(talk)
    return filed.SEEN_SOON if case is not None and cases.is_on_its_way(talk.desk, case) else filed.SEEN_NOW


def _by_code(talk: FollowTalk, typed: str) -> Reading:
    code = read_code(typed)
    if code is None:
        return Unclear(WRITE_CODE) if re.search(r"[0-9]{3}", ascii_digits(typed)) else None
    if code.kind is CodeKind.APPOINTMENT:
        return Taken(then=Go("check", code.digits))
    case = cases.look_up(talk.desk, code)
    if case is None:
        return Taken(then=unknown_code)
    if cases.case(talk.desk, case.id) is not None or transfers.bring_case(talk.desk, case):
        return Taken(_opened(case), then=read)
    return Taken(_opened(case) | {"by_code": code.digits}, then=read)


def _entered_by_code(talk: FollowTalk, digits: str) -> Step[FollowTalk] | Go | None:
    """What a code leads to that was written at another moment; None = it is asked for here."""
    reading = _by_code(talk, digits)
    if not isinstance(reading, Taken):
        return None
    if isinstance(reading.then, Go):
        return reading.then
    for name, value in reading.sets.items():
        setattr(talk.draft, name, value)
    return None if reading.sets else unknown_code


def _resting(until: datetime, *, has_own: bool) -> Param:
    """Tells that look-ups are blocked; it says nothing about the code, which was not looked up."""
    whole = until.replace(second=0, microsecond=0)
    when = LocalMoment(whole if whole == until else whole + timedelta(minutes=1))
    return lines(
        _("To keep everybody's case private, we look for no more codes here for now."),
        _("From {when} you can write a code again.", when=when),
        _("Your own list stays open: choose one, or write its code.") if has_own else None,
        _("If it can't wait, ask the desk."),
    )


def _opened(case: CaseRow) -> dict[str, Json]:
    return {"case": case.id, "by_code": "", "does": "", "more": None, "has_nothing": False}


def _case(talk: FollowTalk) -> CaseRow | None:
    """The present case: this chat's own, or the one whose code was typed."""
    if not talk.draft.by_code:
        return cases.case(talk.desk, talk.draft.case)
    found = cases.by_code(talk.desk, TrackingCode(talk.draft.by_code))
    return found if found is not None and found.id == talk.draft.case else None


def _page(talk: FollowTalk, *, skipped: int) -> Question | Skip:
    case = _case(talk)
    found = cases.thread(talk.desk, case) if case is not None else None
    if case is None or found is None:
        return Skip(then=which)
    page = thread.said(found.entries, by_code=bool(talk.draft.by_code), skipped=skipped)
    options = list(_what_next(talk, case))
    if page.left:
        options.append(Option("earlier", _("Earlier messages"), sets={"earlier": page.so_far}, then=earlier))
    is_in_danger = tone.is_safety_first(case.category, case.facts.get("safe")) and case.state is not CaseState.CLOSED
    return Question(
        paragraphs(
            tone.in_danger(talk.desk) if is_in_danger else None,
            thread.heading(talk.desk, case),
            page.text,
            ON_ITS_WAY if talk.draft.by_code and cases.is_on_its_way(talk.desk, case) else None,
        ),
        options=tuple(options),
        reads=lambda typed: _by_code(talk, typed) if read_code(typed) is not None else None,  # the next one
        about=None if talk.draft.by_code else answering_desk.about(case),
    )


def _what_next(talk: FollowTalk, case: CaseRow) -> tuple[Option, ...]:
    decides = not talk.draft.by_code or (case.contact is Contact.NOBODY and not cases.is_on_its_way(talk.desk, case))
    # A typed «yes» or «no» is no press of these: it may answer what the desk asked.
    solved = Option("solved", _("✅ It is solved"), sets={"does": "solved"}, style=ButtonStyle.CONFIRM)
    says: list[Option] = []
    if decides and _may_decide(case, "solved", now=talk.now):
        says.append(solved)
    if decides and _may_decide(case, "object", now=talk.now):
        label = _("Look at it again") if case.state is CaseState.CLOSED else _("It is not solved")
        says.append(Option("object", label, sets={"does": "object", "has_nothing": False}))
    if case.state is not CaseState.CLOSED:
        says.append(Option("more", _("💬 Write more"), sets={"does": "more", "has_nothing": False}))
    if _may_withdraw(talk, case):
        says.append(Option("withdraw", _("Take it back"), sets={"does": "withdraw", "agrees": False}))
    return tuple(says)


def _may_withdraw(talk: FollowTalk, case: CaseRow) -> bool:
    """Whether it is a question of this chat that nobody of the desk has taken."""
    is_own_question = case.kind is CaseKind.QUESTION and not talk.draft.by_code
    return is_own_question and is_untouched(case.state, assigned_to=case.assigned_to)


def _may_decide(case: CaseRow, wish: str, *, now: datetime) -> bool:
    """Whether «solved» or «not solved» is possible for the case in its present state."""
    if case.state is CaseState.CLOSED:
        is_open_to_it = thread.may_reopen(case, now=now)
        return is_open_to_it and (wish == "object" or case.close_reason not in PERSONS_OWN)
    return case.state is CaseState.ANSWERED


def _due(talk: FollowTalk) -> Param | None:
    """The due date, read again: an addition may have reopened the case with new deadlines."""
    case = _case(talk)
    return thread.promise(case, now=talk.now) if case else None
