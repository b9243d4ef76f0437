"""Choosing a secret word, by which the person brings their turns into another chat later; written twice, kept as a
hash."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Done, Go, Option, Question, Reading, Taken, Unclear
from desk.language.text import lines, words
from desk.transfers import chat as transfers

_ = words("transfer")

LATER = _("Much was written here within an hour. Please go on in an hour.")
TOO_EASY = _("Others could guess this. Please write two words that only you would put together: no name, no number.")


@dataclass(slots=True)
class OwnWordDraft:
    word_hash: str = ""
    again: str = ""
    removes: bool = False


OwnWordTalk = Talk[OwnWordDraft]

flow = Flow("own_word", draft=OwnWordDraft, is_private=True)


@flow.step(asks="word_hash", unless=lambda draft: draft.removes)
def word(talk: OwnWordTalk) -> Question:
    has_word = transfers.has_word(talk.desk)
    return Question(
        lines(
            _("🔑 You have a secret word. Write a new one to change it.") if has_word else None,
            _("🔑 Write two words that only you know.") if not has_word else None,
            _("If this phone is lost, it brings your turns into another chat."),
            _("Tell it to nobody; no office and no clerk ever asks for it."),
        ),
        options=(Option("remove", _("Remove my word"), sets={"removes": True}),) if has_word else (),
        reads=lambda typed: _chosen(talk, typed),
        reads_first=True,
        is_sensitive=True,
        hint=TOO_EASY,
    )


@flow.step(asks="again", unless=lambda draft: draft.removes)
def again(talk: OwnWordTalk) -> Question:
    return Question(
        _("Please write the same word once more."),
        reads=lambda typed: _same(talk, typed),
        reads_first=True,
        is_sensitive=True,
        hint=_("That was another word. Write it again, or go back and choose anew."),
    )


@flow.finish
def done(talk: OwnWordTalk) -> Done:
    if talk.draft.removes:
        transfers.remove_word(talk.desk)
        return Done(_("✅ This chat has no secret word any more."))
    transfers.choose_word(talk.desk, talk.draft.word_hash)
    return Done(
        lines(
            _("✅ Your secret word is set. We keep only a sealed mark of it."),
            _("Keep it in your head. Delete it from this chat."),
            _("In the new chat press «⚙️ Settings», then «📱 Another phone»."),
        ),
        links=((_("📱 Another phone"), Go("phone")),),
    )


def _chosen(talk: OwnWordTalk, typed: str) -> Reading:
    if not transfers.is_a_good_word(talk.desk, typed):
        return Unclear(TOO_EASY)
    made = transfers.hash_of_word(talk.desk, typed)
    return Unclear(LATER) if made is None else Taken({"word_hash": made})


def _same(talk: OwnWordTalk, typed: str) -> Reading:
    made = transfers.hash_of_word(talk.desk, typed)
    if made is None:
        return Unclear(LATER)
    return Taken({"again": made}) if made == talk.draft.word_hash else None
