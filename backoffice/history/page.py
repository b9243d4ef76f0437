"""The page of the history, filtered by person, office, appointment or case, kind and day, and its file."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from backoffice.forms.days import read_date, shown_date
from backoffice.forms.numbers import NO_SUCH_DAY
from backoffice.history.sentences import ToldEvent, is_whole_day, told
from backoffice.layout.paging import one_of, page_asked_for, page_of
from backoffice.web.http import FileDownload, PageRequest, PageResponse, Reading, Render
from backoffice.wording import EVENTS
from desk import history
from desk.language.text import Param, Text, words
from desk.reading.codes import read_code
from desk.reading.days import Prefer
from desk.reading.folding import persian_digits, strip_bidi
from desk.storage.base import ReadSession
from desk.values import LocalMoment

_ = words("history")

PATH = "/history"
MOST = 50
IN_A_FILE = 5000
"""The most lines of the file, the newest ones."""
LONGEST = 80
DANGEROUS = "=+-@\t\r\n＝＋－＠"  # the wide signs are meant
"""A spreadsheet takes a cell that begins with these for a formula; some take the wide signs for the narrow ones."""
FORMULA = re.compile(rf"(^|[;,|\t\r\n])(\s*)(?=[{re.escape(DANGEROUS)}])")
"""Where a formula may begin: in a cell, or behind a sign at which some spreadsheets divide a cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The filter of the address: as typed, as understood, and what was not understood."""

    typed: dict[str, str]
    wanted: history.HistoryFilter
    problems: dict[str, Text]
    """By the field: what could not be read, and how it can."""

    @property
    def query(self) -> dict[str, str]:
        """The filter as values of a query string."""
        return {name: value for name, value in self.typed.items() if value}


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The events of the filter, the newest first."""
    asked = _asked(request)
    lines: list[ToldEvent] = []
    pages, total = None, 0
    if not asked.problems:
        found, pages = page_of(
            lambda number: history.found(
                session, scope=request.scope, wanted=asked.wanted, limit=MOST, skip=(number - 1) * MOST
            ),
            PATH,
            query=asked.query,
            number=page_asked_for(request),
            size=MOST,
        )
        lines, total = [told(line) for line in found.rows], found.total
    values = {
        "asked": asked.typed,
        "is_asked": any(asked.typed.values()),
        "problems": asked.problems,
        "kinds": [(kind, event.name) for kind, event in EVENTS.items()],
        "day": asked.wanted.day,
        "lines": lines,
        "total": total,
        "in_a_file": IN_A_FILE,
        "pages": pages,
        "export": f"{PATH}/export?{urlencode(asked.query)}" if asked.query else f"{PATH}/export",
    }
    return Render(
        template="history/page.html",
        values=values,
        status=422 if asked.problems else 200,
        reading=Reading("history.read", "history", recurs=True),
    )


def export(session: ReadSession, request: PageRequest) -> PageResponse:
    """What the filter shows as a table for a spreadsheet, the newest lines first.

    A filter that cannot be read is no filter: the page says so, and nothing is taken away.
    """
    asked = _asked(request)
    if asked.problems:
        return page(session, request)
    found = history.found(session, scope=request.scope, wanted=asked.wanted, limit=IN_A_FILE)
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(_cells(request, _("Day"), _("Clock"), _("What happened"), _("Changes"), _("Office")))
    for line in found.rows:
        each = told(line)
        changes = "; ".join(_cells(request, *each.changes))
        sentence, place = _cells(request, each.sentence, each.place or "")
        table.writerow([shown_date(each.at.day.date), _clock(each.at), sentence, changes, place])
    return FileDownload(
        name="mizban-history.csv",
        media_type="text/csv",
        content=written.getvalue().encode("utf-8-sig"),
        reading=Reading("history.export", "history"),
    )


def _clock(at: LocalMoment) -> str:
    """With two digits for the hour, so that a spreadsheet can sort by it; empty where only the day is known."""
    if is_whole_day(at):
        return ""
    return persian_digits(f"{at.clock.hour:02}:{at.clock.minute:02}")


def _cells(request: PageRequest, *values: Param) -> list[str]:
    """The values as plain text that can be searched, none of which a spreadsheet would compute."""
    said = [strip_bidi(request.language.plain(value, request.locale)) for value in values]
    return [FORMULA.sub(r"\1\2'", text) for text in said]


def _asked(request: PageRequest) -> Asked:
    typed = {
        **{name: request.query_text(name)[:LONGEST] for name in ("staff", "office", "code", "day")},
        "kind": one_of(request, "kind", EVENTS),
    }
    code = read_code(typed["code"]) if typed["code"] else None
    day = read_date(typed["day"], prefer=Prefer.PAST) if typed["day"] else None
    problems: dict[str, Text] = {}
    if typed["code"] and code is None:
        problems["code"] = _("A code has nine digits. Please compare once more what you wrote.")
    if typed["day"] and day is None:
        problems["day"] = NO_SUCH_DAY
    wanted = history.HistoryFilter(staff=typed["staff"], office=typed["office"], code=code, kind=typed["kind"], day=day)
    return Asked(typed=typed, wanted=wanted, problems=problems)
