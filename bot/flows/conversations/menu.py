"""The main page: six doors, and a seventh to one's own turns where there are any."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Go, Option, Question
from bot.flows import wording
from desk.appointments import chat as appointments
from desk.language.text import paragraphs, words
from desk.values import LocalMoment

_ = words("menu")


@dataclass(slots=True)
class MenuDraft:
    door: str = ""


flow = Flow("menu", draft=MenuDraft)

DOORS = (
    Option("book", _("🗓 Get a turn"), then=Go("book")),
    Option("services", _("💰 Fees and papers"), then=Go("services")),
    Option("complain", _("📣 Complain"), then=Go("complain")),
    Option("follow", _("🔎 Follow up"), then=Go("follow")),
    Option("ask", _("💬 Ask the desk"), then=Go("ask")),
    Option("settings", _("⚙️ Settings"), then=Go("settings")),
)
MY_TURNS = Option("turns", _("🎫 My turns"), then=Go("turns"))


@flow.step
def door(talk: Talk[MenuDraft]) -> Question:
    question = _("What would you like to do?")
    turns = appointments.mine(talk.desk)
    if not turns:
        return Question(question, options=DOORS, has_back=False, has_menu=False)
    ahead = next((turn for turn in turns if turn.starts_at > talk.now), None)
    if ahead is not None:
        when = wording.moment(ahead.starts_at, ahead.zone, today=talk.desk.today)
        mine = _("🎫 Your next turn: {when}.", when=when)
    else:  # a turn stays among one's own until its day is over, but it is nobody's next one
        over = turns[-1]
        mine = _("🎫 Your turn today was at {time}.", time=LocalMoment(over.starts_at, over.zone).clock)
    return Question(
        paragraphs(mine, question),
        options=(*DOORS, MY_TURNS),
        has_back=False,
        has_menu=False,
    )
