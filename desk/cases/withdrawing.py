"""The person takes back what they asked, while nobody of the desk has taken it."""

from __future__ import annotations

from datetime import datetime

from desk.acting import Actor
from desk.cases.changes import case_for_person, change
from desk.cases.deadlines import CASES
from desk.cases.refusals import AlreadyTaken
from desk.cases.rules import CaseState, CloseReason, is_untouched
from desk.conversations.actions import require_chat
from desk.events import actions as events
from desk.storage.base import WriteSession


def withdraw(session: WriteSession, *, case_id: int, actor: Actor, now: datetime) -> None:
    """Close the case as withdrawn by its chat; a second tap changes nothing. The history records it.

    The case is locked: nobody takes it between the check and the closing. Its texts stay, and it can be opened again
    as any closed case.

    Raises:
        OutOfReach: the actor is no chat. NotYourCase: the case is another chat's. AlreadyTaken: somebody of the desk
        holds it, or it has left its first state.
    """
    require_chat(actor)
    case = case_for_person(session, case_id=case_id, actor=actor)
    if case.state is CaseState.CLOSED and case.close_reason is CloseReason.WITHDRAWN:
        return
    if not is_untouched(case.state, assigned_to=case.assigned_to):
        raise AlreadyTaken(case_id)
    change(session, case, to=CaseState.CLOSED, actor=actor, reason=CloseReason.WITHDRAWN, now=now)
    events.note(
        session,
        actor=actor,
        kind="case.withdraw",
        subject=f"case:{case.id}",
        office_id=case.handler_office_id,
        province_code=case.handler_province_code,
        old={"state": case.state},
        new={"state": CaseState.CLOSED, "reason": CloseReason.WITHDRAWN},
        is_told=False,  # told below, by the subject that pages subscribe to
        now=now,
    )
    session.changed(CASES, case.id)
