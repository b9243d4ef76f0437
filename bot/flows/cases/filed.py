"""The result of a complaint or a question: its code to copy and read aloud, and when an answer is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogue.questions import Go
from bot.dialogue.says import Button, Says
from bot.flows.cases import thread, tone
from desk.cases import chat as cases
from desk.cases.categories import CATEGORIES
from desk.cases.rows import Filed
from desk.cases.rules import Contact
from desk.codes import TrackingCode
from desk.conversations.chat import Chat
from desk.language.text import Param, SpokenCode, Text, lines, paragraphs, words

_ = words("filed")

SEEN_SOON = _("The desk sees it within a quarter of an hour.")
SEEN_NOW = _("The desk sees it now.")
SEEN_AT_ONCE = _("Somebody may be in danger, so the desk sees it at once.")
SEEN_FIRST = "KEPT_DOC"
MILD = ("SUGGESTION", "OTHER")
"""Categories that need not be a complaint."""


def complaint(
    chat: Chat,
    filed: Filed,
    *,
    category: str,
    contact: Contact,
    facts: Mapping[str, str],
    seen_soon: Text = SEEN_SOON,
) -> Says:
    """The complaint's code; with NOBODY it says that the code is the only way, and when the desk sees the complaint.

    Safety comes first, unless the person said whether they are safe: who is not was told at once where to go.
    """
    only_by_code = contact is Contact.NOBODY
    after: Param = _("When the desk answers, we tell you here.")
    if only_by_code:
        after = lines(
            SEEN_AT_ONCE if CATEGORIES[category].is_danger else seen_soon,
            _("**Keep this code.** You see the answer by it only: «🔎 Follow up»."),
        )
    head: Param = _("📣 **Your complaint is with us.**")
    if category in MILD:
        head = _("📣 **Your message is with us.**")
    if facts.get("safe") is None and tone.is_safety_first(category, None):
        head = paragraphs(tone.in_danger(chat), head)
    says = _says(chat, filed, head, after, _calm(category), can_be_told=not only_by_code)
    # The code stands nowhere else: where this cannot be sent, the next answer shows it.
    return replace(says, kept=("complain", filed.code.digits)) if only_by_code else says


def again(chat: Chat, code: str) -> Says | None:
    """The same for one under NOBODY that could not be sent; None where no case has this code."""
    case = cases.by_code(chat, TrackingCode(code))
    if case is None:
        return None
    says = complaint(
        chat,
        Filed(case.id, case.code, is_repeat=True),
        category=case.category,
        contact=case.contact,
        facts=case.facts,
        seen_soon=SEEN_SOON if cases.is_on_its_way(chat, case) else SEEN_NOW,
    )
    return replace(says, text=paragraphs(_("This may not have reached you:"), says.text))


def question(chat: Chat, filed: Filed) -> Says:
    return _says(
        chat,
        filed,
        _("💬 **Your question is with us.**"),
        _("A person reads it. When the answer is there, we tell you here."),
        None,
        can_be_told=True,
    )


def _says(chat: Chat, filed: Filed, head: Param, after: Param, calm: Param | None, *, can_be_told: bool) -> Says:
    case = cases.by_code(chat, filed.code)
    rows = [(Button(_("Copy the code"), copies=filed.code.digits),)]
    if can_be_told:
        rows.append((Button(_("🔎 See it"), Go("follow", str(filed.case_id)).data),))
    return Says(
        paragraphs(
            head,
            lines(_("Code:"), filed.code, SpokenCode(filed.code)),
            lines(thread.promise(case, now=chat.now) if case else None, after),
            calm,
        ),
        rows=tuple(rows),
        stays=True,
    )


def _calm(category: str) -> Param | None:
    """One reassuring sentence for a person whose paper is kept."""
    return _("Such things are looked at before others.") if category == SEEN_FIRST else None
