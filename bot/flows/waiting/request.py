"""A standing request of this chat: what is true of it now, and pausing it, going on, and ending it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question, Skip
from bot.dialogue.says import ButtonStyle
from bot.flows import links, wording
from bot.flows.draws import saying as drawing
from bot.flows.waiting import saying, ways_in
from desk.codes import PublicId
from desk.conversations.chat import Chat
from desk.language.text import Param, lines, paragraphs, series, words
from desk.people import chat as people
from desk.values import LocalDay, LocalMoment
from desk.waiting import chat as waiting
from desk.waiting.refusals import NotYourRequest
from desk.waiting.rules import RequestState

if TYPE_CHECKING:
    from desk.waiting.rows import LineNow, OfferRow, RequestRow

_ = words("waiting")

END, PAUSE, RESUME, GO_ON, LET = "end", "pause", "resume", "go_on", "let"
WISHES: Final = frozenset({END, PAUSE, RESUME, GO_ON, LET})
LETTERS_OF_A_NAME, LETTERS_OF_A_SERVICE = 8, 10
"""Together on one button."""

SEE_IT: Final = ways_in.WAITING_LIST
GO_ON_WAITING: Final = _("✅ Go on waiting")
STOP: Final = _("Stop waiting")
WAIT: Final = ways_in.option(ways_in.LIKE_LAST_TIME)
BOOK: Final = Option("book", _("🗓 Get a turn"), then=Go("book"))


@dataclass(slots=True)
class RequestDraft:
    request: int = 0
    does: str = ""
    """What to do with it: one of `WISHES`."""
    is_from_message: bool = False
    """The button of a message said so: what was left for it goes on."""


RequestTalk = Talk[RequestDraft]

flow = Flow("request", draft=RequestDraft)


def link(request_id: int, does: str = "") -> Go:
    """A lasting button of a request; everything is read again when it is pressed."""
    return Go("request", f"{does}.{request_id}" if does else str(request_id))


@flow.enter
def of_a_request(talk: RequestTalk, arg: str) -> None:
    """`<id>`, or what to do with it and the id; also one that is over by now."""
    does, _dot, number = arg.rpartition(".")
    request = waiting.own(talk.desk, links.id_in(number))
    if request is not None:
        talk.draft.request = request.id
        talk.draft.does = does if does in WISHES else ""
        talk.draft.is_from_message = bool(talk.draft.does)


@flow.step(asks="request")
def which(talk: RequestTalk) -> Question | Skip:
    mine = waiting.mine(talk.desk)
    if not mine:
        return Question(_("You wait for no turn now."), options=(WAIT, BOOK))
    if len(mine) == 1:
        return Skip({"request": mine[0].id})
    return Question(
        _("Which waiting do you want to see?"),
        options=tuple(Option(f"q{each.id}", label(talk.desk, each), sets={"request": each.id}) for each in mine),
    )


@flow.step(unless=lambda draft: bool(draft.does))
def shown(talk: RequestTalk) -> Question:
    request = _mine(talk)
    if not request.is_live:
        return Question(
            paragraphs(what_for(talk.desk, request), what_became(request)),
            options=(Option("anew", ways_in.TELL_ME, then=ways_in.anew(request.id)),),
        )
    is_paused = request.state is RequestState.PAUSED
    offer = next((each for each in offers(talk.desk) if each.request_id == request.id), None)
    return Question(
        paragraphs(
            lines(what_for(talk.desk, request), saying.wish_in_words(talk.desk, request.wish)),
            _("You pause. We offer you nothing until you go on.")
            if is_paused
            else drawing.of_request(talk.desk, request)
            or how_it_stands(talk.desk, request, waiting.line(talk.desk, request)),
            lines(_("Number of this request, to be told at the office:"), PublicId(request.public_id)),
        ),
        options=(
            *((Option(RESUME, GO_ON_WAITING, sets={"does": RESUME}),) if is_paused else ()),
            *((Option("offer", _("🔔 See the offer"), then=Go("offer", str(offer.id))),) if offer is not None else ()),
            Option("edit", _("🗓 Change my wishes"), then=Go("wait", f"edit.{request.id}")),
            *(() if is_paused else (Option(PAUSE, _("⏳ Pause"), sets={"does": PAUSE}),)),
            Option(END, STOP, sets={"does": END}),
        ),
    )


@flow.step(unless=lambda draft: draft.does != END)
def sure(talk: RequestTalk) -> Question | Skip:
    request = _mine(talk)
    if not request.is_live:
        return Skip({"does": ""}, then=shown)
    return Question(
        paragraphs(
            what_for(talk.desk, request),
            lines(_("Shall we stop? Your place on the list, {since}, is then lost.", since=since(talk.desk, request))),
        ),
        options=(
            Option("keep", _("No, go on waiting"), sets={"does": ""}, then=shown, means=Meaning.NO),
            *((Option(PAUSE, _("⏳ Pause"), sets={"does": PAUSE}),) if request.state is RequestState.WAITING else ()),
            Option(END, _("Yes, stop"), style=ButtonStyle.DANGER, means=Meaning.YES),
        ),
    )


@flow.finish
def done(talk: RequestTalk) -> Done:
    request, does = _mine(talk), talk.draft.does
    if does == LET:
        return _let(talk, request)
    act: dict[str, Callable[[Chat, int], None]] = {
        PAUSE: waiting.pause,
        RESUME: waiting.resume,
        GO_ON: waiting.go_on,
        END: waiting.end,
    }
    act[does](talk.desk, request.id)
    back = ((SEE_IT, link(request.id)),)
    match does:
        case _ if does == PAUSE:
            return Done(
                lines(_("⏳ It is paused. Your place on the list stays."), _("Until you go on, we offer you nothing.")),
                links=((GO_ON_WAITING, link(request.id, RESUME)), *back),
                resumes=talk.draft.is_from_message,
            )
        case _ if does == END:
            return Done(
                _("✅ It is over. You wait for this turn no more."),
                links=((ways_in.TELL_ME, ways_in.anew(request.id)),),
            )
    until = _mine(talk).wish.until_day
    return Done(
        lines(
            _("✅ You wait on, until {day}. Your place on the list stayed.", day=LocalDay(until)),
            _("When a time comes to you, we write here."),
        ),
        links=back,
        resumes=talk.draft.is_from_message,
    )


def offers(chat: Chat) -> list[OfferRow]:
    """The offers to this chat that can still be answered."""
    return [each for each in waiting.offers(chat) if each.can_be_answered(chat.now)]


def _let(talk: RequestTalk, request: RequestRow) -> Done:
    if not request.is_live:
        again = ((ways_in.TELL_ME, ways_in.anew(request.id)),)
        return Done(what_became(request), links=again, resumes=talk.draft.is_from_message)
    return Done(
        _("Good. You wait until {day}; then it ends by itself.", day=LocalDay(request.wish.until_day)),
        links=((SEE_IT, link(request.id)),),
        resumes=talk.draft.is_from_message,
    )


def _mine(talk: RequestTalk) -> RequestRow:
    found = waiting.own(talk.desk, talk.draft.request)
    if found is None:
        raise NotYourRequest(talk.draft.request)
    return found


def what_for(chat: Chat, request: RequestRow) -> Param:
    """The service and the people of a request."""
    names = people_of(chat, request)
    return lines(
        _("⏳ **{service}**", service=request.service.title),
        _("👤 {person}", person=names) if names is not None else None,
    )


def people_of(chat: Chat, request: RequestRow) -> Param | None:
    """The names of its people, as the chat knows them; None = it knows none of them any more."""
    names = [row.name for row in people.known(chat) if row.person_id in request.person_ids]
    return series(*names) if names else None


def how_it_stands(chat: Chat, request: RequestRow, line: LineNow) -> Param:
    """Since when, how many wait, and how long it usually takes where that was measured."""
    is_new = LocalMoment(request.since).day == chat.today
    usual: Param | None = None
    if line.usual_days is not None:
        least, most = line.usual_days
        usual = (
            _("Usual wait: {n} days.", n=most)
            if least == most
            else _("Usual wait: {least} to {most} days.", least=least, most=most)
        )
    return lines(
        _("⏳ You wait {since}.", since=since(chat, request)),
        before(line),
        _("Who begins to wait today may still come before you: a lot decides.") if line.others and is_new else None,
        usual,
    )


def before(line: LineNow) -> Param:
    """How many wait for the same, and how many of them are before this one."""
    if not line.others:
        return _("Nobody else waits for this.")
    if not line.ahead:
        return _("{n} others wait for this; you are the first.", n=line.others)
    return _("{n} others wait for this; {ahead} of them before you.", n=line.others, ahead=line.ahead)


def since(chat: Chat, request: RequestRow) -> Param:
    """Since how many days, or since today."""
    days = LocalMoment(request.since).day.until(chat.today)
    return _("since {n} days", n=days) if days > 0 else _("since today")


def what_became(request: RequestRow) -> Param:
    """Why a request waits no more."""
    match request.state:
        case RequestState.FULFILLED:
            return _("✅ It found a turn.")
        case RequestState.LAPSED:
            return _("Its last day is over. You wait no more.")
        case _:
            return _("You stopped it. You wait no more.")


def label(chat: Chat, request: RequestRow) -> Param:
    """A request on a button: for whom, and for what."""
    names = [row.nickname for row in people.known(chat) if row.person_id in request.person_ids]
    title = request.service.short_title
    if not names:
        return _("⏳ {service}", service=title)
    return _(
        "⏳ {person}, {service}",
        person=wording.cut(names[0], letters=LETTERS_OF_A_NAME),
        service=saying.short(title, letters=LETTERS_OF_A_SERVICE),
    )


def options(chat: Chat) -> tuple[Option, ...]:
    """The live requests of the chat, as they stand in the list of its appointments."""
    return tuple(Option(f"q{each.id}", label(chat, each), then=link(each.id)) for each in waiting.mine(chat))


def waits(chat: Chat) -> Param | None:
    """That the chat waits, and for what; None = for nothing, or a time is offered for it, which is said instead."""
    offered = {each.request_id for each in offers(chat)}
    mine = [each for each in waiting.mine(chat) if each.state is RequestState.WAITING and each.id not in offered]
    if not mine:
        return None
    return _("⏳ You wait for: {what}.", what=series(*(each.service.short_title for each in mine)))
