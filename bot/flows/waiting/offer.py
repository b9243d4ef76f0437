"""An offered time: accept it or decline it with one tap; an offer that is over says so, and binds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question
from bot.dialogue.says import ButtonStyle
from bot.flows import links, wording
from bot.flows.appointments import paper_province
from bot.flows.waiting import request as requests
from desk.catalogue import chat as catalogue
from desk.language.text import Param, lines, paragraphs, series, words
from desk.people import chat as people
from desk.values import LocalDay, LocalMoment
from desk.waiting import chat as waiting
from desk.waiting.refusals import NotYourOffer, OfferOver
from desk.waiting.rules import OfferState, RequestState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.catalogue.rows import FeeRow
    from desk.conversations.chat import Chat
    from desk.people.rows import KnownPersonRow
    from desk.waiting.rows import OfferRow

_ = words("offer")

YES, NO = "yes", "no"
TAKE: Final = _("✅ Yes, I take it")
LEAVE: Final = _("No, I go on waiting")
STAYS: Final = _("Your place on the list stays. When another comes to you, we write here.")


@dataclass(slots=True)
class OfferDraft:
    offer: int = 0
    answer: str = ""
    is_from_message: bool = False
    """The button of a message said it: what was left for it goes on."""


OfferTalk = Talk[OfferDraft]

flow = Flow("offer", draft=OfferDraft)


def link(offer_id: int, answer: str = "") -> Go:
    """A lasting button of an offer, which binds this offer and no other."""
    return Go("offer", f"{answer}.{offer_id}" if answer else str(offer_id))


@flow.enter
def of_an_offer(talk: OfferTalk, arg: str) -> Go | None:
    """`<id>`, or the answer and the id; somebody else's leads to what the chat waits for."""
    answer, _dot, number = arg.rpartition(".")
    offer = waiting.own_offer(talk.desk, links.id_in(number))
    if offer is None:
        return Go("request")
    talk.draft.offer = offer.id
    talk.draft.answer = answer if answer in (YES, NO) else ""
    talk.draft.is_from_message = bool(talk.draft.answer)
    if not talk.draft.answer and not offer.can_be_answered(talk.now):
        waiting.note_seen_over(talk.desk, offer.id)
    return None


@flow.step(asks="answer")
def shown(talk: OfferTalk) -> Question | Go:
    if not talk.draft.offer:
        return Go("request")
    offer = _mine(talk)
    if not offer.can_be_answered(talk.now):
        state = OfferState.LAPSED if offer.is_live else offer.state
        return Question(over(talk, offer, state), options=(_to_request(offer),))
    return Question(
        offered(talk.desk, offer),
        options=(
            Option(YES, TAKE, sets={"answer": YES}, style=ButtonStyle.CONFIRM, means=Meaning.YES),
            Option(NO, LEAVE, sets={"answer": NO}, means=Meaning.NO),
        ),
    )


@flow.finish
def answered(talk: OfferTalk) -> Done:
    offer = _mine(talk)
    try:
        if talk.draft.answer == NO:
            waiting.decline(talk.desk, offer.id)
            said: Param = lines(_("Good: this time goes to others."), stays(talk, offer))
            return _done(talk, said, (requests.SEE_IT, requests.link(offer.request_id)))
        accepted = waiting.accept(talk.desk, key=talk.key, offer_id=offer.id)
    except OfferOver as refusal:
        waiting.note_seen_over(talk.desk, offer.id)
        return _done(talk, over(talk, offer, refusal.state), (requests.SEE_IT, requests.link(offer.request_id)))
    appointment = Go("turns", f"show.{accepted.appointment_ids[0]}") if accepted.appointment_ids else Go("turns")
    if accepted.is_repeat:
        said = over(talk, offer, OfferState.ACCEPTED)
    elif accepted.was_moved:
        said = _("✅ The time is changed. The new ticket comes in the next message.")
    else:
        said = _("✅ The turn is booked. The ticket comes in the next message.")
    return _done(talk, said, (_("🎫 This turn"), appointment))


def _done(talk: OfferTalk, said: Param, way: tuple[Param, Go]) -> Done:
    return Done(said, links=(way,), resumes=talk.draft.is_from_message)


def stays(talk: OfferTalk, offer: OfferRow) -> Param | None:
    """That the place on the list stays, where the person still waits; None = they do not."""
    request = waiting.own(talk.desk, offer.request_id)
    if request is None or request.state is not RequestState.WAITING:
        return None
    return STAYS


def offered(chat: Chat, offer: OfferRow) -> Param:
    """What is offered and would be booked, until when the answer counts, and what they hold already."""
    known = [row for row in people.known(chat) if row.person_id in offer.person_ids]
    until = LocalMoment(offer.until(chat.now), offer.zone)
    held = waiting.held(chat, offer)
    is_today = until.day == chat.today
    return paragraphs(
        _headline(offer, known),
        lines(
            offer.service.title,
            *(wording.paper(row.document_kind, row.identity_last4) for row in known),
            _("🕘 **{when}**", when=wording.moment(offer.starts_at, offer.zone, today=chat.today)),
            wording.where(offer.office),
            wording.fee(_fee(chat, offer)),
        ),
        paper_province.beside(chat, offer.service, kinds=[row.document_kind for row in known]),
        lines(
            _("🎫 With yes, your turn of {when} moves to this time.", when=LocalMoment(held.starts_at, held.zone))
            if held is not None
            else None,
            _how_long(until, is_round=offer.is_round, is_today=is_today)
            if offer.draw_id is None
            else _("⏳ It is yours until {when}, then it goes to the next. Do you want it?", when=until),
        ),
    )


def _fee(chat: Chat, offer: OfferRow) -> FeeRow | None:
    """The fee of that day at that office."""
    day, province = LocalDay(offer.day), offer.office.province_code
    return catalogue.fee_on(chat, offer.service.id, day=day, province_code=province)


def _headline(offer: OfferRow, known: Sequence[KnownPersonRow]) -> Param:
    names = series(*(row.name for row in known))
    if offer.draw_id is not None:
        return _("✅ **Drawn: a place for {person}**", person=names) if known else _("✅ **You were drawn.**")
    return _("🔔 **A time for {person}:**", person=names) if known else _("🔔 **A time for you:**")


def _how_long(until: LocalMoment, *, is_round: bool, is_today: bool) -> Param:
    if is_round:
        return lines(
            _("⏳ Several are asked; who says yes first has it."),
            _("Please answer until {time}. Do you want it?", time=until.clock),
        )
    if is_today:
        return _("⏳ We keep it for you until {time}. Do you want it?", time=until.clock)
    return _("⏳ We keep it for you until {when}. Do you want it?", when=until)


def over(talk: OfferTalk, offer: OfferRow, state: OfferState) -> Param:
    """Why the offer is over; where the person still waits, that the place on the list stays."""
    match state:
        case OfferState.ACCEPTED:
            return _("✅ You took this time. See it in «🎫 My turns».")
        case OfferState.DECLINED:
            said = _("You did not want this time; it goes to others.")
        case OfferState.LAPSED:
            said = _("⏳ The time to answer is over; this time goes to others.")
        case OfferState.TOO_LATE:
            said = _("Somebody else said yes before you; we are sorry.")
        case _:
            said = _("This time is no longer free; we are sorry.")
    return lines(said, stays(talk, offer))


def _to_request(offer: OfferRow) -> Option:
    if offer.state is OfferState.ACCEPTED:
        return Option("turns", _("🎫 My turns"), then=Go("turns"))
    return Option("request", requests.SEE_IT, then=requests.link(offer.request_id))


def _mine(talk: OfferTalk) -> OfferRow:
    found = waiting.own_offer(talk.desk, talk.draft.offer)
    if found is None:
        raise NotYourOffer(talk.draft.offer)
    return found
