"""Composes the messages about a case; None where one is no longer true when it is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, Says
from bot.flows.cases import answering_desk, thread, tone
from bot.flows.tables import Notices, Params
from desk.cases import chat as cases
from desk.cases.rules import CaseKind, CaseNotice, CaseState, CloseReason
from desk.conversations.chat import Chat
from desk.language import case_labels
from desk.language.text import Param, lines, paragraphs, words

if TYPE_CHECKING:
    from desk.cases.rows import CaseRow, EntryRow

_ = words("case notice")

ANSWER = _("💬 Write to the desk")
DECIDES = ((_("✅ It is solved"), "solved"), (_("It is not solved"), "object"))
SEE = _("🔎 See it")


def case_reply(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    """The desk's answer, unchanged; it is sent even where the case has changed since."""
    found = _line(chat, params)
    if found is None or not found[1].text:
        return None
    case, entry = found
    is_question = case.kind is CaseKind.QUESTION
    about = case_labels.category(case.category)
    head = _("💬 The desk answered your question.") if is_question else _("💬 The desk answered: {about}.", about=about)
    return (_says(chat, case, paragraphs(head, entry.text, _code(case)), is_open=case.state is not CaseState.CLOSED),)


def case_state(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    found = _line(chat, params)
    if found is None or found[0].state != found[1].detail.get("to"):
        return None
    case = found[0]
    who = thread.who_has(chat, case)
    if case.state is CaseState.WITH_UNIT:
        news = _("Your case went to the unit in charge. It is now with: {who}.", who=who)
    else:
        news = _("Your case is being examined by: {who}.", who=who)
    return (_says(chat, case, paragraphs(lines(thread.about(case), news, _due(chat, case)), _code(case))),)


def case_closed(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    found = _line(chat, params)
    if found is None or found[0].state is not CaseState.CLOSED:
        return None
    case, entry = found
    reason = str(params.get("reason") or entry.detail.get("reason") or "")
    if case.close_reason is not None and reason != case.close_reason:
        return None
    told = case_labels.CLOSE_REASONS.get(reason)
    closed = _("The desk closed it. The reason: {reason}.", reason=told) if told else _("The desk closed it.")
    is_asked = reason == CloseReason.ANSWERED and case.severity > 0  # nobody is asked whether praise is solved
    text = paragraphs(
        lines(thread.about(case), closed),
        entry.text,
        lines(
            _("Is it solved for you? You decide that.") if is_asked else None,
            thread.reopens_until(case),
            _code(case),
        ),
    )
    says = _says(chat, case, text, is_open=False)
    if is_asked:
        says = replace(says, rows=(*(((_go(label, case, wish)),) for label, wish in DECIDES), *says.rows))
    return (says,)


def case_reopened(chat: Chat, params: Params) -> tuple[Says, ...] | None:
    found = _line(chat, params)
    if found is None or found[0].state in (CaseState.CLOSED, CaseState.ANSWERED):
        return None
    case = found[0]
    news = _("The desk opened it again and looks at it once more.")
    return (_says(chat, case, paragraphs(lines(thread.about(case), news, _due(chat, case)), _code(case))),)


NOTICES: Final[Notices] = {
    CaseNotice.REPLY: case_reply,
    CaseNotice.STATE: case_state,
    CaseNotice.CLOSED: case_closed,
    CaseNotice.REOPENED: case_reopened,
}


def _line(chat: Chat, params: Params) -> tuple[CaseRow, EntryRow] | None:
    """The case and the entry that a message tells; None when the case is no longer this chat's."""
    case = cases.case(chat, params["case"])
    found = cases.thread(chat, case) if case is not None else None
    if case is None or found is None:
        return None
    entry = next((entry for entry in found.entries if entry.id == params["entry"]), None)
    return None if entry is None else (case, entry)


def _code(case: CaseRow) -> Param:
    return lines(_("Code:"), case.code)


def _go(label: Param, case: CaseRow, wish: str) -> Button:
    return Button(label, Go("follow", f"{case.id}.{wish}").data)


def _due(chat: Chat, case: CaseRow) -> Param | None:
    return thread.promise(case, now=chat.now)


def _says(chat: Chat, case: CaseRow, text: Param, *, is_open: bool = True) -> Says:
    if tone.is_safety_first(case.category, case.facts.get("safe")):
        text = paragraphs(tone.in_danger(chat), text)
    write = _go(ANSWER, case, "more")
    see = Button(SEE, Go("follow", str(case.id)).data)
    return Says(text, rows=((write,), (see,)) if is_open else ((see,),), stays=True, about=answering_desk.about(case))
