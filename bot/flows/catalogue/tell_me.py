"""«Tell me»: the chat asks to be told when something of a service is announced, takes that back, or sees for what it
waits."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Option, Question
from bot.flows import links
from bot.flows.catalogue import announcing
from bot.flows.catalogue.services import NoSuchService
from desk.announcements import chat as announcements
from desk.catalogue import chat as catalogue
from desk.language.text import lines, words

_ = words("tell me")


@dataclass(slots=True)
class TellMeDraft:
    service: int = 0
    is_off: bool = False
    """True = no longer."""


TellMeTalk = Talk[TellMeDraft]

flow = Flow("tell_me", draft=TellMeDraft)


@flow.enter
def of_a_service(talk: TellMeTalk, arg: str) -> None:
    """`<service id>` asks, `off.<service id>` takes back; without one it shows for what the chat waits."""
    sort, _dot, id = arg.rpartition(".")
    talk.draft.service = links.id_in(id)
    talk.draft.is_off = sort == "off"


@flow.step(asks="service")
def waiting(talk: TellMeTalk) -> Question:
    rows = announcements.services(talk.desk)
    if not rows:
        return Question(
            _("You wait for no announcement."),
            options=(Option("services", _("💰 Fees and papers"), then=Go("services")),),
        )
    return Question(
        lines(
            _("🔔 You are told here when something is announced of these."),
            _("To take one back, press it, then «Do not tell me»."),
        ),
        options=tuple(Option(f"s{row.id}", row.short_title, then=Go("services", str(row.id))) for row in rows),
    )


@flow.finish
def done(talk: TellMeTalk) -> Done:
    service_id = talk.draft.service
    shown = catalogue.card(talk.desk, service_id)
    if shown is None:
        raise NoSuchService(str(service_id))
    page = (announcing.SEE_IT, Go("services", str(service_id)))
    if talk.draft.is_off:
        has_asked = announcements.take_back(talk.desk, service_id)
        if not (has_asked or shown.is_published):  # a made-up button would tell what is not announced
            raise NoSuchService(str(service_id))
        text = _("✅ We tell you nothing of **{service}**.", service=shown.title)
        return Done(text, links=(page,))
    try:
        announcements.ask(talk.desk, service_id)
    except LookupError as error:
        raise NoSuchService(str(service_id)) from error
    return Done(
        lines(
            _("🔔 **{service}**", service=shown.title),
            _("When more is announced, we tell you here."),
            _("If nothing has come in a year, please ask again."),
        ),
        links=(page, (announcing.DO_NOT, Go("tell_me", f"off.{service_id}"))),
    )
