"""What a chat may do about transfers: choose a word, bring over what another chat of the same person has, stop it."""

from __future__ import annotations

from datetime import datetime

from desk.cases.rows import CaseRow
from desk.codes import TrackingCode
from desk.conversations.chat import Chat
from desk.people import queries as people
from desk.people.refusals import TooManyDigests
from desk.transfers import actions, counter, proving, queries, tries, words
from desk.transfers.rows import Proof, TransferRow, Twice, WhatComes
from desk.transfers.rules import KeptOfTwo, is_a_word, marked_word


def has_word(chat: Chat) -> bool:
    """Whether a word was chosen in this chat."""
    return words.has_word(chat.session, conversation_id=chat.conversation.id)


def is_a_good_word(chat: Chat, typed: str) -> bool:
    """Whether this can be chosen: others do not guess it at once, and it is no name and no number from the
    chat's list."""
    known = people.known(chat.session, conversation_id=chat.conversation.id)
    names = [name for row in known for name in (row.name, row.nickname)]
    endings = [row.identity_last4 for row in known if row.identity_last4]
    return is_a_word(typed, names=names, endings=endings)


def hash_of_word(chat: Chat, typed: str) -> str | None:
    """The hash of a word to choose, which itself is kept nowhere; None = too many were made for this chat.

    Raises:
        DigestNeeded: the hash has not been made for this exchange.
    """
    made = chat.digests.of(marked_word(str(chat.conversation.id), typed, chat.identity_key))
    return None if made is None else made.hash


def choose_word(chat: Chat, word_hash: str) -> None:
    """Keep this hash, which `hash_of_word` has made, as that of the chat's word."""
    words.choose_word(chat.writing, actor=chat.actor, word_hash=word_hash)


def remove_word(chat: Chat) -> None:
    """Have no word any more."""
    words.remove_word(chat.writing, actor=chat.actor)


def rests_until(chat: Chat) -> datetime | None:
    """Until when nothing can be brought over here, after too many tries; None = it can now."""
    return tries.rests_until(chat.session, conversation_id=chat.conversation.id, now=chat.now)


def prove(chat: Chat, code: TrackingCode, *, identity_hash: str | None, word: str) -> Proof | TooManyDigests | None:
    """Whether code, number of the paper (None = no paper) and word fit together; it counts as a try.

    `TooManyDigests` = the word was not looked at. Raises DigestNeeded where its hash has not been made.
    """
    return proving.prove(
        chat.writing,
        actor=chat.actor,
        code=code,
        identity_hash=identity_hash,
        word=word,
        keys=chat.identity_key,
        digests=chat.digests,
        now=chat.now,
    )


def what_comes(chat: Chat, proof: Proof) -> WhatComes:
    """What would come over from the chat that `prove` found."""
    return queries.what_comes(chat.session, conversation_id=proof.source, now=chat.now)


def bring(chat: Chat, proof: Proof) -> datetime:
    """Bring it over; returns until when the earlier chat can stop it.

    `proof` is what `prove` returned, never what somebody typed. Raises DoesNotFit, TooManyTogether.
    """
    return actions.bring(chat.writing, actor=chat.actor, proof=proof, limits=chat.limits, now=chat.now).until


def redeem(chat: Chat, digits: str) -> None:
    """Bring over what a code from the counter stands for; it counts as a try.

    Raises NoSuchCode, TooManyTogether.
    """
    counter.redeem(chat.writing, actor=chat.actor, digits=digits, limits=chat.limits, now=chat.now)


def bring_case(chat: Chat, case: CaseRow) -> bool:
    """Bring a case whose code was just typed here, where appointments of its chat came here before."""
    return actions.bring_case(chat.writing, actor=chat.actor, case_id=case.id)


def told(chat: Chat, transfer_id: int) -> TransferRow | None:
    """A transfer from this chat or into it; None for anybody else's."""
    return queries.transfer(chat.session, transfer_id=transfer_id, conversation_id=chat.conversation.id)


def twice(chat: Chat, transfer_id: int) -> list[Twice]:
    """Where this chat has booked again since for the same person and service: one of the two is given back."""
    return queries.twice(chat.session, transfer_id=transfer_id, conversation_id=chat.conversation.id, now=chat.now)


def stop(chat: Chat, transfer_id: int, *, keep: KeptOfTwo | None) -> None:
    """Say that it was somebody else. Raises TooLateToStop, HasTheSame."""
    actions.stop(
        chat.writing, actor=chat.actor, transfer_id=transfer_id, keep=keep, rest=chat.limits.rest, now=chat.now
    )
