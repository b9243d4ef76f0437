"""What somebody showed of another chat an hour ago opens nothing after the word has served, or was changed."""

from __future__ import annotations

import pytest

from desk.acting import Actor
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from desk.transfers import actions
from desk.transfers.refusals import DoesNotFit
from tests.domain.transfer_scene import WORD, Scene, prove, whole
from tests.makers import NOW, appointment_code, make_conversation, make_person


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


def test_it_does_not_outlive_the_word(scene: Scene) -> None:
    """Somebody who knows the word shows it in two chats: after the first was stopped, the second must not bring."""
    session, second = scene.session, make_conversation(scene.session)
    kept = scene.prove(second)
    actions.stop(session, actor=Actor.chat(scene.old.id), transfer_id=scene.bring(), now=NOW)
    assert kept is not None
    with pytest.raises(DoesNotFit):
        actions.bring(session, actor=Actor.chat(second.id), proof=kept, now=NOW)
    scene.choose(scene.old, "another word of hers")
    with pytest.raises(DoesNotFit):
        actions.bring(session, actor=Actor.chat(second.id), proof=kept, now=NOW)
    assert scene.has(scene.old) == {scene.turn.id}
    whole(session)


def test_it_gives_nothing_on_that_can_still_be_stopped(scene: Scene) -> None:
    """The chat that brings has an appointment and a word of its own, which a third chat has shown before."""
    session, third, code = scene.session, make_conversation(scene.session), appointment_code()
    own = make_person(session, conversation=scene.new, document_kind=DocumentKind.NONE, last4=None)
    scene.appointment(chat=scene.new, person=own, code=code, document_kind=DocumentKind.NONE)
    scene.choose(scene.new, WORD)
    kept = prove(session, third, code=code, identity=None)
    transfer = scene.bring()
    assert kept is not None
    with pytest.raises(DoesNotFit):
        actions.bring(session, actor=Actor.chat(third.id), proof=kept, now=NOW)
    actions.stop(session, actor=Actor.chat(scene.old.id), transfer_id=transfer, now=NOW)
    assert scene.has(scene.old) == {scene.turn.id}
