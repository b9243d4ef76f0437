"""The presses of the board as the line knows them: one that is sent twice from one page is applied once."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from backoffice.web import keys
from backoffice.web.http import PageRequest
from desk.line.rules import Press

LONGEST: Final = 32


def press_of(request: PageRequest, what: str) -> Press:
    """The press of a form; its key differs by person, address and button, and by the page that showed it."""
    key = str(request.form.get(keys.FIELD) or "") or keys.new_key()
    whole = f"{request.staff.staff_id}\n{request.address}\n{what}\n{key}"
    made = sha256(whole.encode()).hexdigest()[:LONGEST]
    return Press(key=made, staff_id=request.staff.staff_id, pressed_at=request.now)
