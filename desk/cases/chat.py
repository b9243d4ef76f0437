"""What a chat may do with complaints and questions.

A case is found in the chat's own list or by its code. All other functions take the row that was found, never an id from
a button.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from desk.acting import Actor
from desk.cases import actions, on_its_way, queries
from desk.cases.arrivals import waiting
from desk.cases.kept_nameless import can_be_kept as _can_be_kept
from desk.cases.messages import case_of_message as _case_of_message
from desk.cases.refusals import CodeTaken
from desk.cases.rows import CaseRow, CaseThread, Filed
from desk.cases.rules import Contact
from desk.codes import CodeKind, TrackingCode
from desk.conversations import actions as conversations
from desk.conversations.chat import Chat
from desk.conversations.queries import codes_rest_until
from desk.language.text import Locale
from desk.values import LocalDay, Money

CODES_TRIED = 4


class VoiceNote(Protocol):
    """A voice note by reference; the sound stays with the messenger until staff listen."""

    @property
    def file_id(self) -> str: ...
    @property
    def seconds(self) -> int | None: ...


def mine(chat: Chat) -> list[CaseRow]:
    """The cases of this chat."""
    return queries.of_conversation(chat.session, conversation_id=chat.conversation.id)


def look_up(chat: Chat, code: TrackingCode) -> CaseRow | None:
    """The case of a typed code; a case of the chat itself is always found.

    Returns None for any other code while look-ups are blocked for this chat. A code that no case has is counted here.
    """
    own = next((case for case in mine(chat) if case.code == code), None)
    if own is not None or rests_until(chat) is not None:
        return own
    found = by_code(chat, code)
    if found is None:
        conversations.note_code_miss(chat.writing, conversation_id=chat.conversation.id, now=chat.now)
    return found


def rests_until(chat: Chat) -> datetime | None:
    """Until when codes of other cases are not looked up, after too many that no case has; None = they are looked up."""
    return codes_rest_until(chat.session, conversation_id=chat.conversation.id, now=chat.now)


def by_code(chat: Chat, code: TrackingCode) -> CaseRow | None:
    """The case of a code that this chat was given or has found by `look_up`; never for a code just typed.

    Also one that waits to be handed over to the desk.
    """
    return queries.by_code(chat.session, code=code) or on_its_way.case_on_its_way(chat.session, code=code)


def is_on_its_way(chat: Chat, case: CaseRow) -> bool:
    """Whether something that was told under the code of this case was not handed over to the desk yet."""
    return bool(waiting(chat.session, code=case.code))


def can_be_kept(chat: Chat) -> list[TrackingCode]:
    """The codes of the chat's complaints that can go on without a name when the person erases their data."""
    return _can_be_kept(chat.session, conversation_id=chat.conversation.id)


def case(chat: Chat, case_id: int) -> CaseRow | None:
    """A case of this chat; None for anybody else's."""
    return next((row for row in mine(chat) if row.id == case_id), None)


def case_of_message(chat: Chat, message_id: str) -> int | None:
    """The id of the case of this chat that a message here told about; None = it told about none."""
    return _case_of_message(chat.session, conversation_id=chat.conversation.id, message_id=message_id)


def thread(chat: Chat, case: CaseRow) -> CaseThread | None:
    """The thread of a case that was found here, as the person may read it: without notes and names of staff.

    Of a case that waits to be handed over there is nothing to read yet.
    """
    found = queries.thread(chat.session, case_id=case.id, for_staff=False)
    return CaseThread(case, ()) if found is None and is_on_its_way(chat, case) else found


def complain(
    chat: Chat,
    *,
    key: str,
    category: str,
    office_id: int | None,
    service_id: int | None,
    happened_on: LocalDay | None,
    paid: Money | None,
    facts: Mapping[str, str],
    text: str | None,
    voice: VoiceNote | None,
    contact: Contact,
    name: str | None,
) -> Filed:
    """File a complaint. `facts` = answers by the codes of `desk.cases.facts`. Raises `NoCaseForThis`."""
    return _file(
        chat,
        actions.file_complaint,
        key=key,
        voice=voice,
        category=category,
        office_id=office_id,
        service_id=service_id,
        happened_on=happened_on.date if happened_on else None,
        paid=paid,
        facts=facts,
        text=text,
        contact=contact,
        name=name,
    )


def ask(
    chat: Chat,
    *,
    key: str,
    office_id: int | None,
    province_code: str | None,
    text: str | None,
    voice: VoiceNote | None,
) -> Filed:
    """Send the desk a question."""
    return _file(
        chat,
        actions.ask,
        key=key,
        voice=voice,
        office_id=office_id,
        province_code=province_code,
        text=text,
        name=None,
    )


def say_more(chat: Chat, case: CaseRow, *, key: str, by_code: bool, text: str | None, voice: VoiceNote | None) -> None:
    """Write or say something in a case.

    `by_code` = it was found by its code; otherwise it must be this chat's own. Raises `NotYourCase`, `CaseIsClosed`.
    """
    if by_code and not on_its_way.is_handed_over(chat.session, case_id=case.id):
        actions.say_more_while_it_waits(
            chat.writing, case_id=case.id, code=case.code, text=text, voice=_voice(chat, voice), now=chat.now
        )
        return
    actions.say_more(
        chat.writing,
        idem_key=key,
        case_id=case.id,
        actor=_who(chat, by_code=by_code),
        text=text,
        voice=_voice(chat, voice),
        now=chat.now,
    )


def confirm_solved(chat: Chat, case: CaseRow, *, by_code: bool) -> None:
    """The person says that it is solved. Raises `NotYourCase`."""
    actions.confirm_solved(
        chat.writing,
        case_id=case.id,
        actor=_who(chat, by_code=by_code),
        now=chat.now,
    )


def withdraw(chat: Chat, case: CaseRow) -> None:
    """Take a case of this chat back. Raises `NotYourCase`, `AlreadyTaken`."""
    actions.withdraw(chat.writing, case_id=case.id, actor=chat.actor, now=chat.now)


def object_to(chat: Chat, case: CaseRow, *, key: str, by_code: bool, text: str | None, voice: VoiceNote | None) -> None:
    """The person says that it is not solved. Raises `NotYourCase`, `ReopenTooLate`."""
    actions.object_to(
        chat.writing,
        idem_key=key,
        case_id=case.id,
        actor=_who(chat, by_code=by_code),
        text=text,
        voice=_voice(chat, voice),
        now=chat.now,
    )


def _who(chat: Chat, *, by_code: bool) -> Actor:
    """The chat itself, or somebody of whom only the code of the case is known."""
    return Actor.chat(None) if by_code else chat.actor


def _locale(chat: Chat) -> str:
    return (chat.me.locale or Locale.FA).value


def _voice(chat: Chat, voice: VoiceNote | None) -> dict[str, Any] | None:
    if voice is None:
        return None
    of = chat.conversation
    return {"channel": of.channel, "bot": of.bot, "file_id": voice.file_id, "seconds": voice.seconds}


def _file(chat: Chat, file: Callable[..., Filed], *, key: str, voice: VoiceNote | None, **said: Any) -> Filed:
    """File what was said, with what every case takes from its chat, under a code that no other case has.

    Raises `CodeTaken` when chance fails again and again: a fault of ours.
    """
    taken: dict[str, Any] = {
        "idem_key": key,
        "actor": chat.actor,
        "locale": _locale(chat),
        "voice": _voice(chat, voice),
        "now": chat.now,
    }
    for _ in range(CODES_TRIED - 1):
        try:
            return file(chat.writing, code=TrackingCode.make(CodeKind.CASE), **taken, **said)
        except CodeTaken:
            continue
    return file(chat.writing, code=TrackingCode.make(CodeKind.CASE), **taken, **said)
