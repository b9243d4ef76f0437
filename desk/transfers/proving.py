"""Whether somebody shows that the appointments of another chat are theirs; a no does not say what was not right.

By a code, the number of the paper, and the word that was chosen in the other chat: the first two stand on a printed
ticket and on the paper, which others have held too, so only the word opens.
"""

from __future__ import annotations

import hmac
from datetime import datetime

from sqlalchemy import bindparam, exists, select

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.codes import TrackingCode
from desk.conversations.actions import require_chat
from desk.identity import Digests, IdentityKeys
from desk.people.models import Person
from desk.people.refusals import TooManyDigests
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.transfers.models import ChatWord, Transfer
from desk.transfers.rows import Proof
from desk.transfers.rules import TransferState, marked_word
from desk.transfers.tries import is_free

_appointments, _persons = table_of(Appointment), table_of(Person)
_words, _transfers = table_of(ChatWord), table_of(Transfer)
_IS_NEW = exists().where(
    _transfers.c.target_id == _appointments.c.conversation_id,
    _transfers.c.state == TransferState.OPEN,
    _transfers.c.until > bindparam("now", type_=_transfers.c.until.type),
)
_OF_CODE = (
    select(
        *_appointments.c["id", "conversation_id", "document_kind"],
        _persons.c.identity_hash,
        _words.c.word_hash,
        _IS_NEW.label("is_new"),
    )
    .outerjoin(_persons, _persons.c.id == _appointments.c.person_id)
    .outerjoin(_words, _words.c.conversation_id == _appointments.c.conversation_id)
    .where(_appointments.c.code == bindparam("code"))
)


def prove(
    session: WriteSession,
    *,
    actor: Actor,
    code: TrackingCode,
    identity_hash: str | None,
    word: str,
    keys: IdentityKeys,
    digests: Digests,
    now: datetime,
) -> Proof | TooManyDigests | None:
    """The chat and the appointment, where code, hash of the paper's number (None = no paper) and word fit together.

    None where one does not, where no word was chosen, or where this was tried too often; the same work is done for all
    of these. A chat into which something went over a moment ago does not give it on while that can be stopped.

    Raises:
        DigestNeeded: the hash of the word has not been made; `TooManyDigests` = too many were made for this chat.
    """
    chat = require_chat(actor)
    found = session.execute(_OF_CODE, {"code": code.digits, "now": now}).one_or_none()
    whose = f"code {code.digits}" if found is None or found.conversation_id is None else str(found.conversation_id)
    made = digests.of(marked_word(whose, word, keys))
    if made is None:
        return TooManyDigests()
    source = None if found is None else found.conversation_id
    free = is_free(session, actor=actor, code=code.digits, source_id=source, now=now)
    if found is None or found.conversation_id in (None, chat):
        return None
    if identity_hash is None:
        is_theirs = found.document_kind is DocumentKind.NONE
    else:
        is_theirs = hmac.compare_digest(found.identity_hash or "", identity_hash)
    says_it = [hmac.compare_digest(found.word_hash or "", each) for each in (made.hash, *made.older)]
    if not (free and is_theirs and any(says_it)) or found.is_new:
        return None
    return Proof(found.conversation_id, found.id, found.word_hash)
