"""Brings over what another chat of the same person has: a code, the number of the paper, and the word of that chat.

Nothing is told before all three were said, and then only whether they fit together.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question, Reading, Skip, Taken, Unclear
from bot.dialogue.says import ButtonStyle
from bot.flows.people.persons import NO_PAPER
from bot.flows.transfers.own_word import LATER
from bot.flows.transfers.wording import MY_APPOINTMENTS, MY_WORD, tried_often
from desk.appointments import chat as appointments
from desk.codes import CodeKind, TrackingCode
from desk.language.text import lines, paragraphs, words
from desk.people import chat as people
from desk.people.refusals import TooManyDigests
from desk.people.rules import DocumentKind, has_foreign_digits, read_identity_number
from desk.reading.codes import read_code
from desk.transfers import chat as transfers
from desk.transfers.rows import Proof
from desk.values import LocalMoment

_ = words("transfer")

WITHOUT = "none"
"""Stands in the draft for the number of somebody without a paper."""
WRITE_CODE = _("The code of a turn has nine digits. Please look once more.")
DOES_NOT_FIT = _("This does not fit together, or it was tried too often.")
AT_THE_COUNTER = _("At the counter, with the original paper, it works without a word.")


@dataclass(slots=True)
class BringDraft:
    code: str = ""
    identity: str = ""
    source: int = 0
    """The chat that was found to be the person's; only `transfers.prove` says so."""
    appointment: int = 0
    word_hash: str = ""
    """The hash that the word of that chat had then: another one chosen meanwhile closes the way."""


BringTalk = Talk[BringDraft]

flow = Flow("transfer", draft=BringDraft, is_private=True, asks_much=True)


@flow.step(asks="code")
def which(talk: BringTalk) -> Question:
    until = transfers.rests_until(talk.desk)
    if until is not None:
        return Question(
            lines(tried_often(until), AT_THE_COUNTER),
            options=(NO_CODE,),
        )
    return Question(
        lines(_("Please write the code of one of your turns."), _("It stands on the ticket.")),
        options=(NO_CODE,),
        reads=lambda typed: _code(talk, typed),
        reads_first=True,
        hint=WRITE_CODE,
    )


@flow.step(aside=True)
def counter(talk: BringTalk) -> Question:
    return Question(
        lines(
            _("Go to the office of the turn, with the original paper."),
            _("The clerk looks at it and gives you a code for this chat."),
            _("Complaints do not come that way: their own code opens them."),
        ),
        options=(Option("code", _("I have that code"), then=Go("counter_code")),),
    )


@flow.step(asks="identity")
def number(talk: BringTalk) -> Question:
    return Question(
        lines(
            _("Please write the number of the paper of this turn."),
            _("The number itself is not kept."),
        ),
        options=(Option("none", NO_PAPER, sets={"identity": WITHOUT}),),
        reads=lambda typed: _number(talk, typed),
        reads_first=True,
        is_sensitive=True,
        hint=_("I need the number that stands on the paper."),
    )


@flow.step(asks="source")
def word(talk: BringTalk) -> Question:
    return Question(
        lines(_("🔑 Please write your secret word."), _("You chose it in the old chat.")),
        options=(Option("no_word", _("I have no word"), then=counter),),
        reads=lambda typed: _word(talk, typed),
        reads_first=True,
        is_sensitive=True,
    )


@flow.step(aside=True)
def not_fitting(talk: BringTalk) -> Question:
    """Mostly the word alone was another one: what is written here is the word again, and counts as a try again."""
    options = (
        Option("again", _("Begin again"), sets={"code": "", "identity": ""}, then=which),
        Option("no_word", _("How at the counter?"), then=counter),
    )
    if transfers.rests_until(talk.desk) is not None:
        return Question(lines(DOES_NOT_FIT, AT_THE_COUNTER), options=options)
    return Question(
        lines(DOES_NOT_FIT, _("🔑 Write the word once more, or begin again."), AT_THE_COUNTER),
        options=options,
        reads=lambda typed: _word(talk, typed),
        reads_first=True,
        is_sensitive=True,
    )


@flow.step
def look(talk: BringTalk) -> Question | Skip:
    """What comes is said before it comes."""
    comes = transfers.what_comes(talk.desk, _proof(talk))
    return Question(
        paragraphs(
            _("📱 Shall this come into this chat?"),
            lines(
                _("🗓 {n} turns", n=comes.appointments),
                _("👤 {n} people", n=comes.people) if comes.people else None,
                _("📣 {n} complaints and questions, a day later", n=comes.cases) if comes.cases else None,
            ),
            lines(
                _("The old chat is told, and shows the turns no more."),
                _("A complaint under «nobody» is found by its code only."),
            ),
        ),
        options=(
            Option("yes", _("✅ Yes, bring it"), style=ButtonStyle.CONFIRM, means=Meaning.YES),
            Option("no", _("No, leave it there"), then=Go("menu"), means=Meaning.NO),
        ),
    )


@flow.finish
def done(talk: BringTalk) -> Done:
    comes = transfers.what_comes(talk.desk, _proof(talk))
    until = transfers.bring(talk.desk, _proof(talk))
    return Done(
        lines(
            _("✅ Your turns are here now. The tickets come again."),
            _("Complaints and questions follow from {when} on.", when=LocalMoment(until)) if comes.cases else None,
            _("Choose a new secret word for this chat."),
        ),
        links=(MY_WORD, MY_APPOINTMENTS),
    )


NO_CODE = Option("no_code", _("I have no code"), then=counter)


def _code(talk: BringTalk, typed: str) -> Reading:
    code = read_code(typed)
    if code is None or code.kind is not CodeKind.APPOINTMENT:
        return Unclear(WRITE_CODE) if any(map(str.isdigit, typed)) else None
    if any(own.code == code for own in appointments.mine(talk.desk, live_only=False)):
        return Unclear(_("This turn is in this chat already."))
    return Taken({"code": code.digits})


def _number(talk: BringTalk, typed: str) -> Reading:
    if has_foreign_digits(typed):
        return Unclear(_("Please write the digits as 0 1 2 3."))
    if read_identity_number(typed) is None:
        return None
    # The kind of paper is no part of the hash.
    digest = people.digest(talk.desk, typed, DocumentKind.OTHER)
    return Unclear(LATER) if digest is None else Taken({"identity": digest.hash})


def _word(talk: BringTalk, typed: str) -> Reading:
    if transfers.rests_until(talk.desk) is not None:
        return Taken(then=not_fitting)
    identity = None if talk.draft.identity == WITHOUT else talk.draft.identity
    found = transfers.prove(talk.desk, TrackingCode(talk.draft.code), identity_hash=identity, word=typed)
    if isinstance(found, TooManyDigests):
        return Unclear(LATER)
    if found is None:
        return Taken(then=not_fitting)
    return Taken({"source": found.source, "appointment": found.appointment, "word_hash": found.word_hash})


def _proof(talk: BringTalk) -> Proof:
    return Proof(source=talk.draft.source, appointment=talk.draft.appointment, word_hash=talk.draft.word_hash)
