"""Whether an appointment counts: the page where anybody types its code; it never says whose it is."""

from __future__ import annotations

from backoffice.web.http import PublicRequest, Render
from desk.appointments.rows import Validity
from desk.appointments.validity import validity
from desk.codes import CodeKind
from desk.language.text import Locale, Text, words
from desk.reading.codes import has_as_many_digits, read_code
from desk.storage.base import ReadSession

_ = words("check page")

LONGEST = 40
"""Characters of what is typed: nine digits and what stands between them."""
WRITE_CODE = _("The code of a turn has nine digits. Please look once more.")
OF_A_CASE = _("This is the code of a complaint or question. Follow it in the chat.")
UNKNOWN = _("No turn has this code. Please look once more.")


def page(session: ReadSession, request: PublicRequest) -> Render:
    """The form, filled with what was typed, and what the code is worth now."""
    typed = request.query_text("code")
    found, problem = _looked_up(session, request, typed) if typed else (None, None)
    return Render(
        template="public/check.html",
        values={
            "typed": typed[:LONGEST],
            "found": found,
            "problem": problem,
            "is_dari": request.locale is Locale.FA_AF,
        },
    )


def _looked_up(session: ReadSession, request: PublicRequest, typed: str) -> tuple[Validity | None, Text | None]:
    code = read_code(typed) if len(typed) <= LONGEST else None
    if code is None:
        return None, UNKNOWN if has_as_many_digits(typed) else WRITE_CODE
    if code.kind is not CodeKind.APPOINTMENT:
        return None, OF_A_CASE
    found = validity(session, code=code, now=request.now)
    return found, None if found is not None else UNKNOWN
