"""How the person of an appointment is stored when it binds: in the list of the chat, under the name that was said."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bot.flows.people import persons
from bot.flows.people.persons import PersonTalk
from desk.appointments import chat as appointments
from desk.people import chat as people
from desk.people.refusals import NotInYourList
from desk.people.rules import DocumentKind, IdentityDigest

if TYPE_CHECKING:
    from desk.people.rows import KnownPersonRow


def stored(talk: PersonTalk) -> KnownPersonRow | Callable[[], KnownPersonRow]:
    """The known person, or what stores them: somebody new, or a name that was corrected."""
    row, name = persons.chosen(talk), talk.draft.full_name
    if row is None:
        return partial(remembered, talk)
    return row if name in ("", row.name) else partial(appointments.correct_name_of, talk.desk, row, name=name)


def remembered(talk: PersonTalk) -> KnownPersonRow:
    """Add the draft's new person to this chat's list.

    Raises:
        NotInYourList: the draft has no new person; the chosen one was removed from the list meanwhile.
        NumberOfBefore: the number has to be typed again.
    """
    draft = talk.draft
    if not draft.identity_hash:
        raise NotInYourList(draft.known)
    kind = DocumentKind(draft.paper)
    if kind is DocumentKind.NONE:
        identity = people.digest_without_paper(talk.desk, draft.full_name)
    else:
        identity = IdentityDigest(draft.identity_hash, draft.identity_last4)
    if draft.instead_of:
        return people.replace(talk.desk, draft.instead_of, name=draft.full_name, kind=kind, identity=identity)
    return people.remember(talk.desk, name=draft.full_name, nickname=None, kind=kind, identity=identity)
