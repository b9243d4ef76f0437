"""Settings: the language, the people of this chat, what we keep, how to erase it, help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question, Skip, Taken
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from bot.flows import wording
from bot.flows.appointments import changed_ticket
from bot.flows.other_chats.wording import together
from bot.flows.people import names
from bot.flows.waiting.ways_in import WAITING_LIST
from desk.announcements import chat as announcements
from desk.appointments import chat as appointments
from desk.cases import chat as cases
from desk.conversations import chat as conversations
from desk.erasure import chat as erasure
from desk.language import labels
from desk.language.text import Locale, Param, Reference, Text, lines, paragraphs, series, words
from desk.other_chats import chat as other_chats
from desk.people import chat as persons
from desk.people.rules import NICKNAME_LENGTH, DocumentKind, read_nickname
from desk.waiting import chat as waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.codes import TrackingCode
    from desk.people.rows import KnownPersonRow

_ = words("settings")


@dataclass(slots=True)
class SettingsDraft:
    language: str = ""
    person: int | None = None
    nickname: str = ""
    does: str = ""
    keeps: bool = False
    """True = open complaints go on without a name when everything else is erased."""


flow = Flow("settings", draft=SettingsDraft)


@flow.enter
def section_of(talk: Talk[SettingsDraft], arg: str) -> Step[Talk[SettingsDraft]] | None:
    return next((step for step in (language, people, keep, erase, help) if step.name == arg), None)


@flow.step
def section(talk: Talk[SettingsDraft]) -> Question:
    return Question(
        _("⚙️ What shall we set?"),
        options=(
            Option("language", _("Language"), then=language),
            Option("people", _("👤 My people"), then=people),
            Option("phone", _("📱 Another phone"), then=Go("phone")),
            Option("keep", _("What we keep"), then=keep),
            Option("erase", _("Erase my data"), then=erase),
            Option("help", _("Help"), then=help),
        ),
        has_back=False,  # one comes here from the main page; its place is needed
    )


@flow.step(aside=True)
def language(talk: Talk[SettingsDraft]) -> Question:
    return Question(
        _("Choose your language."),
        options=(
            Option(Locale.FA, _("Persian (Iran)"), sets={"language": Locale.FA.value, "does": "language"}),
            Option(
                Locale.FA_AF,
                _("Dari (Afghanistan)"),
                sets={"language": Locale.FA_AF.value, "does": "language"},
            ),
        ),
    )


@flow.step(aside=True)
def people(talk: Talk[SettingsDraft]) -> Question:
    known = persons.known(talk.desk)
    if not known:
        return Question(_("There is nobody here yet. When you get a turn, the person is added here."))
    return Question(
        _("👤 For whom do you want to change something?"),
        options=tuple(
            Option(f"k{row.id}", wording.cut(row.nickname), sets={"person": row.id}, then=person) for row in known
        ),
    )


@flow.step(aside=True)
def person(talk: Talk[SettingsDraft]) -> Question | Skip:
    row = _chosen(talk)
    if row is None:
        return Skip(then=people)
    mine = (each for each in appointments.mine(talk.desk) if each.person_id == row.person_id)
    ahead = next((each for each in mine if appointments.may_correct_name(talk.desk, each)), None)
    return Question(
        lines(_("👤 **{name}**", name=row.name), _paper(row)),
        options=(
            *((Option("name", names.CORRECT, then=Go("name", str(ahead.id))),) if ahead is not None else ()),
            Option("rename", _("Another nickname"), then=nickname),
            Option("forget", _("Remove from here"), then=forget),
        ),
    )


@flow.step(aside=True)
def nickname(talk: Talk[SettingsDraft]) -> Question | Skip:
    row = _chosen(talk)
    if row is None:
        return Skip(then=people)
    return Question(
        lines(
            _("What shall we call {nickname} here?", nickname=row.nickname),
            _("Write a short name, such as «mother»."),
        ),
        reads=lambda typed: (
            Taken({"nickname": called, "does": "rename"})
            if (called := read_nickname(typed))
            else wording.too_long(typed, most=NICKNAME_LENGTH)
        ),
        reads_first=True,
        hint=_("I could not read a name. Write a few letters, such as «mother»."),
    )


@flow.step(aside=True)
def forget(talk: Talk[SettingsDraft]) -> Question | Skip:
    row = _chosen(talk)
    if row is None:
        return Skip(then=people)
    waits = [each.service.short_title for each in waiting.mine(talk.desk) if row.person_id in each.person_ids]
    return Question(
        lines(
            _("Shall we remove {nickname} from this list?", nickname=row.nickname),
            _("Turns that are booked stay. You can add the person again later.")
            if not waits
            else _("Turns that are booked stay. The waiting for {what} ends.", what=series(*waits)),
        ),
        options=(
            Option("yes", _("Yes, remove"), sets={"does": "forget"}, style=ButtonStyle.DANGER, means=Meaning.YES),
            Option("no", _("No, keep"), sets={"does": ""}, then=people, means=Meaning.NO),
        ),
    )


@flow.step(aside=True)
def keep(talk: Talk[SettingsDraft]) -> Question:
    other, waits = other_chats.other(talk.desk), len(announcements.services(talk.desk))
    requests = len(waiting.mine(talk.desk))
    wishes = any(each.wished for each in appointments.mine(talk.desk))
    return Question(
        paragraphs(
            lines(
                _("We keep the names you told us, your turns and your messages."),
                _("Of a paper's number we have only the last four digits and a secret mark."),
                _("We take long numbers out of what you write, unless we asked for them."),
                _("Photos of papers we never keep."),
                _("We count how many turns a chat takes, so that nobody collects them."),
                together(other) if other is not None else None,
                _("👩 What you wish for at an office, we keep until that day is over.") if wishes else None,
                _("⏳ Turns that you wait for: {n}", n=requests) if requests else None,
                _("🔔 Announcements that you wait for: {n}", n=waits) if waits else None,
            ),
            lines(
                _("The office sees the name, the time, the kind of paper and its last four digits."),
                _("A complaint is not seen by the office it is about."),
                _("The company of this messenger sees the messages too."),
            ),
        ),
        options=(
            *((Option("list", WAITING_LIST, then=Go("request")),) if requests else ()),
            *((Option("waits", _("🔔 What I wait for"), then=Go("tell_me")),) if waits else ()),
            Option("erase", _("Erase my data"), then=erase),
        ),
    )


@flow.step(aside=True)
def erase(talk: Talk[SettingsDraft]) -> Question:
    held = erasure.held(talk.desk)
    ahead = sum(appointment.is_ahead(now=talk.now) for appointment in appointments.mine(talk.desk))
    others = held["appointments_live"] + held["appointments_past"] - ahead
    told: tuple[Param | None, ...] = (
        _("🗓 {n} turns ahead: they will be cancelled.", n=ahead) if ahead else None,
        _("🗓 {n} turns that are over or cancelled: the name in them will be removed.", n=others) if others else None,
        _("📣 {n} open complaints or questions: they will be closed.", n=held["cases_open"])
        if held["cases_open"]
        else None,
        _("📣 {n} closed complaints or questions: what was said in them will be removed.", n=held["cases_closed"])
        if held["cases_closed"]
        else None,
        _("👤 {n} names: they will be removed.", n=held["people"]) if held["people"] else None,
        _("🔔 {n} announcements that you wait for: we will not tell you.", n=held["announcement_wishes"])
        if held["announcement_wishes"]
        else None,
        _("⏳ {n} turns that you wait for: we will offer you none.", n=held["standing_requests"])
        if held["standing_requests"]
        else None,
        _("🔗 The connection with your other chat: it will be cut.") if held["other_chats"] else None,
    )
    what = lines(*told) if held else _("We hold only your language and where you were in this chat.")
    return Question(
        paragraphs(_("This is what we hold of you:"), what, _("Nobody can bring it back afterwards.")),
        options=(
            Option("go_on", _("Go on"), sets={"keeps": False}, then=erase_surely, style=ButtonStyle.DANGER),
            *(
                (Option("keeps", _("📣 Complaints stay"), sets={"keeps": True}, then=erase_surely),)
                if cases.can_be_kept(talk.desk)
                else ()
            ),
            Option("no", _("No, keep everything"), then=section, means=Meaning.NO),
        ),
    )


@flow.step(aside=True)
def erase_surely(talk: Talk[SettingsDraft]) -> Question:
    codes = cases.can_be_kept(talk.desk) if talk.draft.keeps else []
    asked: Param = _("Shall we really erase everything now?")
    if codes:
        asked = lines(
            _("Shall we erase everything but your open complaints?"),
            _("They go on without your name, and no answer comes here."),
            _by_codes(codes),
            *codes,
        )
    return Question(
        asked,
        options=(
            Option("no", _("No, keep everything"), then=section, means=Meaning.NO),
            Option(
                "yes",
                _("Yes, the rest") if codes else _("Yes, erase it all"),
                sets={"does": "erase"},
                style=ButtonStyle.DANGER,
                means=Meaning.YES,
            ),
        ),
    )


@flow.step(aside=True)
def help(talk: Talk[SettingsDraft]) -> Question:  # a step is named after its screen
    return Question(
        paragraphs(
            lines(
                _("Press a button, or write its number."),
                _("«Back» goes one step back. «🏠 Main page» begins again."),
            ),
            lines(
                _("When you complain or ask, a voice note is enough."),
                _("To follow something, press «🔎» and write its code."),
            ),
        ),
        options=(Option("ask", _("💬 Ask the desk"), then=Go("ask")),),
    )


@flow.finish
def done(talk: Talk[SettingsDraft]) -> Done:
    draft, chat = talk.draft, talk.desk
    match draft.does:
        case "language":
            conversations.choose_language(chat, Locale(draft.language))
            return Done(_("From now on I speak to you in this language."), goes_back=True)
        case "rename" if draft.person is not None:
            persons.rename(chat, draft.person, draft.nickname)
            return Done(_("✅ We say {nickname} from now on.", nickname=draft.nickname), then=Go("settings", "people"))
        case "forget" if draft.person is not None:
            persons.forget(chat, draft.person)
            return Done(_("✅ The person is no longer in this list."), then=Go("settings", "people"))
        case "erase":
            tickets = changed_ticket.before_erasing(chat)
            codes = cases.can_be_kept(chat) if draft.keeps else []
            rest = erasure.erase(chat, keeps_complaints=bool(codes)) and _(
                "Only a few counts without a name stay, such as how many turns were cancelled. They go too, after "
                "seven days at most."
            )
            return Done(
                lines(
                    _("✅ With us, all the rest is erased.") if codes else _("✅ With us, everything is erased."),
                    _keep(codes) if codes else None,
                    *codes,
                    rest or None,
                    _("What stands above stays on the phone; delete it yourself."),
                    _("If you write again, we begin anew."),
                ),
                shows=tickets,
            )
        case _:
            return Done(_("Nothing was changed."), then=Go("settings"))


def _by_codes(codes: Sequence[TrackingCode]) -> Text:
    if len(codes) == 1:
        return _("You see it by the code only: «🔎 Follow up».")
    return _("You see each by its own code only: «🔎 Follow up».")


def _keep(codes: Sequence[TrackingCode]) -> Text:
    if len(codes) == 1:
        return _("Your complaint goes on without your name. **Keep the code:**")
    return _("Your complaints go on without your name. **Keep the codes:**")


def _chosen(talk: Talk[SettingsDraft]) -> KnownPersonRow | None:
    return next((row for row in persons.known(talk.desk) if row.id == talk.draft.person), None)


def _paper(row: KnownPersonRow) -> Text:
    kind = labels.document_kind(row.document_kind)
    if row.document_kind is DocumentKind.NONE or row.identity_last4 is None:
        return kind
    return _("{paper}, the last digits are {last4}", paper=kind, last4=Reference(row.identity_last4))
