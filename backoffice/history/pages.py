"""What the pages are called where the history says on which page people were seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.layout.frame import PARTS
from desk.language.text import Text, words

_ = words("history")

_PAGES: Final[Mapping[str, Text]] = {
    "/today/search": _("Looked for by number"),
    "/today/papers": _("Papers of one person"),
    "/today/receipts": _("Visits and receipts"),
    "/today/report": _("Report of a broker"),
    "/today/walk-in": _("Somebody without a turn"),
    "/today/{appointment:int}/record": _("Record of a visit"),
    "/today/{appointment:int}/slip": _("Slip of a turn"),
    "/today/desk": _("Turn at the desk"),
    "/today/{appointment:int}/ticket": _("Ticket of a turn"),
    "/today/{appointment:int}/desk": _("Another time for a turn of the desk"),
    "/today/door": _("List for the door"),
    "/today/{appointment:int}": _("One turn"),
    "/today/{appointment:int}/back": _("Come again"),
    "/today/{appointment:int}/phone": _("Another phone"),
    "/today/{appointment:int}/name": _("Name on a turn"),
    "/today/{appointment:int}/wishes": _("Wishes on a turn"),
    "/today/{appointment:int}/paper": _("Number of the original"),
    "/changes": _("Turns hit by a change"),
    "/changes/{change:int}": _("Turns hit by a change"),
    "/inbox/{case:int}": _("One case"),
    "/inbox/{case:int}/name": _("Name beside a case"),
    "/inbox/{case:int}/next": _("What comes after a case"),
    "/inbox/{case:int}/fee": _("Fee beside a case"),
    "/inbox/{case:int}/delivery/{entry:int}": _("Whether a reply arrived"),
    "/inbox/{case:int}/voice/{entry:int}": _("Voice message"),
    "/inbox/{case:int}/allow": _("More turns for a chat"),
    "/inbox/{case:int}/assign": _("Referral of a case"),
    "/capacity/{office:int}/queues/{queue:int}/days": _("Days of a queue"),
    "/draws/setting": _("How places are given"),
    "/draws/new": _("Preparing a draw"),
    "/draws/unreached": _("Drawn, not reached"),
    "/draws/{draw:int}": _("Public page of a draw"),
    "/draws/{draw:int}/file": _("File of a draw"),
    "/draws/{draw:int}/steps": _("Steps of a draw"),
    "/signs/{chat:int}": _("Signs of one chat"),
    "/undelivered/{message:int}": _("One message"),
}
"""By the path of the route. A page without a name here is called by its part of the navigation alone."""
_ACCOUNT: Final = _("My account")


def page_named(path: str) -> Text:
    """The words for the page of this route."""
    own = _PAGES.get(path)
    part = next((part.label for part in PARTS if path == part.path or path.startswith(f"{part.path}/")), None)
    if own is None or part is None:
        return own or part or _ACCOUNT
    return _("{part}: {page}", part=part, page=own)
