"""The main page: at most six entries, the likeliest first; each may lead to a page of related ones."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Go, Option, Question
from bot.flows.appointments import menu as appointments
from desk.language.text import paragraphs, words

_ = words("menu")


@dataclass(slots=True)
class MenuDraft:
    door: str = ""


flow = Flow("menu", draft=MenuDraft, only_leads_on=True)

ENTRIES = (
    Option("appointments", _("🗓 Turn"), then=Go("appointments")),
    Option("services", _("💰 Fees and papers"), then=Go("services")),
    Option("complain", _("📣 Complain"), then=Go("complain")),
    Option("follow", _("🔎 Follow up"), then=Go("follow")),
    Option("ask", _("💬 Ask the desk"), then=Go("ask")),
    Option("settings", _("⚙️ Settings"), then=Go("settings")),
)


@flow.step
def door(talk: Talk[MenuDraft]) -> Question:
    question = _("What would you like to do?")
    mine = appointments.soonest(talk)
    return Question(
        paragraphs(mine, question) if mine is not None else question,
        options=ENTRIES,
        unshown=appointments.ENTRIES,
        has_voice_for_desk=True,
        has_back=False,
        has_menu=False,
    )
