"""Everything that changes a case: what the person does (`filing`) and what staff do (`handling`)."""

from __future__ import annotations

from desk.cases.allowing import allow_more
from desk.cases.drafts import forget_old_drafts, keep_draft
from desk.cases.filing import ask, confirm_solved, file_complaint, object_to, say_more, say_more_while_it_waits
from desk.cases.handling import assign, change_state, close, note, reopen, reply
from desk.cases.withdrawing import withdraw

__all__ = [
    "allow_more",
    "ask",
    "assign",
    "change_state",
    "close",
    "confirm_solved",
    "file_complaint",
    "forget_old_drafts",
    "keep_draft",
    "note",
    "object_to",
    "reopen",
    "reply",
    "say_more",
    "say_more_while_it_waits",
    "withdraw",
]
