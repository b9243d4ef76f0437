"""Shows a case to the person: its state, who handles it, until when, and what was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.flows.cases import telling
from desk.calendar import local_day_of
from desk.cases.rules import CaseKind, CaseState, EntryKind
from desk.conversations.chat import Chat
from desk.deadlines.rules import FINAL_ANSWER
from desk.language import case_labels
from desk.language.text import Near, Param, Text, lines, paragraphs, words
from desk.offices import chat as offices

if TYPE_CHECKING:
    from desk.cases.rows import CaseRow, EntryRow
    from desk.deadlines.rows import CurrentDeadline

_ = words("thread")

MOST_LETTERS = 2500
"""The letters of the thread on one screen; the rest is behind «Earlier»."""


def about(case: CaseRow) -> Text:
    """What the case is about, for a button; an icon shows its kind."""
    label = case_labels.category(case.category)
    return _("💬 {about}", about=label) if case.kind is CaseKind.QUESTION else _("📣 {about}", about=label)


def in_a_line(case: CaseRow) -> Param:
    """The subject, the state and since when, in one line for a list."""
    return _(
        "{about}: {state}, {day}",
        about=about(case),
        state=case_labels.case_state(case.state),
        day=local_day_of(case.state_at),
    )


def heading(chat: Chat, case: CaseRow) -> Param:
    """The subject, code, state, who handles it, and until when."""
    return lines(
        _("**{about}**", about=about(case)),
        _("Code:"),
        case.code,
        _state(case),
        _("Who has it: {who}", who=who_has(chat, case)) if case.state is not CaseState.CLOSED else None,
        promise(case, now=chat.now),
    )


def who_has(chat: Chat, case: CaseRow) -> Param:
    """The office or directorate that handles it; never a name of staff."""
    if case.handler_office_id is not None:
        office = offices.office(chat, case.handler_office_id)
        if office is not None:
            return office.name
    if case.handler_province_code is None:
        return _("the national directorate")
    for row in offices.provinces(chat):
        if row.code == case.handler_province_code:
            return _("the directorate of {province}", province=row.name)
    return _("the directorate of the province")


def promise(case: CaseRow, *, now: datetime) -> Param | None:
    """When an answer is due, and why on another day than before; None where it was given or has no deadline."""
    due = case.due
    if due is None or not due.is_running:
        return None
    day = local_day_of(due.at)
    if due.is_late(now):
        return _("⏳ The answer was due by {day}. It is late; the desk sees that too.", day=day)
    return lines(_("⏳ Answer due by: **{day}** ({near})", day=day, near=Near(day)), _why_another_day(case, due))


def _why_another_day(case: CaseRow, due: CurrentDeadline) -> Param | None:
    """Why the day is not the one that was promised first; None where it is."""
    if due.kind == FINAL_ANSWER.code and case.answered_at is not None:
        return _("The first answer is given; this day is for the last one.")
    if case.opened_at > case.created_at:
        return _("The days count anew, since it was opened again.")
    return None


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One screen of a thread; `left` earlier entries are not shown yet, `so_far` were."""

    text: Param | None
    left: int
    so_far: int


def said(entries: Sequence[EntryRow], *, by_code: bool, skipped: int = 0) -> ThreadPage:
    """The entries of a screen, the latest last, as many as fit; `skipped` = so many of the latest were shown before.

    By the code alone only the desk's entries are shown: the person's own may identify them.
    """
    spoken = [(entry, text) for entry, text in _spoken(entries) if not (by_code and entry.kind is EntryKind.SAID)]
    kept: list[Param] = []
    room = MOST_LETTERS
    for entry, text in reversed(spoken[: len(spoken) - skipped]):
        length = len(entry.text or "")
        if kept and length > room:
            break
        room -= length
        kept.append(text)
    so_far = skipped + len(kept)
    return ThreadPage(paragraphs(*reversed(kept)) if kept else None, len(spoken) - so_far, so_far)


def may_reopen(case: CaseRow, *, now: datetime) -> bool:
    """Whether a closed case can still be objected to."""
    return case.reopen_until is not None and now <= case.reopen_until


def reopens_until(case: CaseRow) -> Param | None:
    """Until which day the person may object to the closing, and by which buttons; None while the case is open."""
    if case.reopen_until is None:
        return None
    return _(
        "Until {day} you can have it looked at again: «🔎 See it», then «Look at it again».",
        day=local_day_of(case.reopen_until),
    )


def _state(case: CaseRow) -> Param:
    state = case_labels.case_state(case.state)
    if case.state is CaseState.CLOSED and case.close_reason is not None:
        return _("Where it is: {state} ({reason})", state=state, reason=case_labels.close_reason(case.close_reason))
    return _("Where it is: {state}", state=state)


def _spoken(entries: Sequence[EntryRow]) -> Iterator[tuple[EntryRow, Param]]:
    """The entries with text or voice; changes of state are shown in the heading."""
    for entry in entries:
        if not entry.text and not entry.voice:
            continue
        what = lines(entry.text, telling.A_VOICE_NOTE if entry.voice else None)
        day = local_day_of(entry.at)
        if entry.kind is EntryKind.SAID:
            yield entry, lines(_("**You**, {day}:", day=day), what)
        else:
            yield entry, lines(_("💬 **The desk**, {day}:", day=day), what)
