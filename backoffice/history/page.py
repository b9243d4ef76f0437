"""The page of the history, filtered by person, office, appointment or case, kind and day, and its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.exports import ExportForm, cell, table_file
from backoffice.forms.days import read_date, shown_date
from backoffice.forms.numbers import NO_SUCH_DAY
from backoffice.history.groups import GROUPS, EventGroup, kinds_of
from backoffice.history.sentences import ToldEvent, is_whole_day, told
from backoffice.layout.paging import page_asked_for, page_of
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Render
from backoffice.wording import EVENTS
from desk import history
from desk.language.text import Param, Text, words
from desk.reading.codes import read_code
from desk.reading.days import Prefer
from desk.reading.folding import persian_digits
from desk.storage.base import ReadSession
from desk.values import LocalMoment

_ = words("history")

PATH = "/history"
MOST = 50
IN_A_FILE = 5000
"""The most lines of the file, the newest ones."""
LONGEST = 80
FIELDS_OF_FILTER = ("staff", "office", "code", "kind", "day")


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
    typed = {name: request.query_text(name) for name in FIELDS_OF_FILTER}
    return _page(session, request, asked=_asked(typed), purpose=None)


def _page(session: ReadSession, request: PageRequest, *, asked: Asked, purpose: ExportForm | None) -> Render:
    """The page; `purpose` is a form for a file that comes back with its faults."""
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
        "groups": [(group.value, label) for group, label in GROUPS.items()],
        "day": asked.wanted.day,
        "lines": lines,
        "total": total,
        "in_a_file": IN_A_FILE,
        "pages": pages,
        "export": purpose or ExportForm(),
        "is_file_asked_for": purpose is not None,
    }
    return Render(
        template="history/page.html",
        values=values,
        status=422 if asked.problems or purpose is not None else 200,
        reading=Reading("history.read", "history", recurs=True),
    )


async def export(request: PageRequest, backend: Backend) -> PageResponse:
    """What the filter shows as a table for a spreadsheet, the newest lines first, for a purpose.

    A filter that cannot be read is no filter: the page says so, and nothing is taken away.
    """
    asked = _asked({name: request.form_text(name) for name in FIELDS_OF_FILTER})
    purpose = ExportForm(request.form)
    if not purpose.is_complete() or asked.problems:
        return await backend.read(_page, request, asked=asked, purpose=purpose)
    found = await backend.read(history.found, scope=request.scope, wanted=asked.wanted, limit=IN_A_FILE)
    return table_file(
        request,
        name="mizban-history.csv",
        reading=Reading("history.export", "history"),
        purpose=purpose,
        header=[_("Day"), _("Clock"), _("What happened"), _("Changes"), _("Office")],
        rows=(_row(request, told(line, is_for_a_file=True)) for line in found.rows),
    )


def _row(request: PageRequest, each: ToldEvent) -> list[Param]:
    changes = "; ".join(cell(request, change) for change in each.changes)
    return [shown_date(each.at.day.date), _clock(each.at), each.sentence, changes, each.place or ""]


def _clock(at: LocalMoment) -> str:
    """With two digits for the hour, so that a spreadsheet can sort by it; empty where only the day is known."""
    if is_whole_day(at):
        return ""
    return persian_digits(f"{at.clock.hour:02}:{at.clock.minute:02}")


def _asked(given: Mapping[str, str]) -> Asked:
    """The filter of these values, as an address or a form holds them."""
    typed = {name: given[name][:LONGEST] for name in FIELDS_OF_FILTER}
    if typed["kind"] not in EVENTS and typed["kind"] not in set(EventGroup):
        typed["kind"] = ""
    code = read_code(typed["code"]) if typed["code"] else None
    day = read_date(typed["day"], prefer=Prefer.PAST) if typed["day"] else None
    problems: dict[str, Text] = {}
    if typed["code"] and code is None:
        problems["code"] = _("A code has nine or twelve digits. Please compare once more what you wrote.")
    if typed["day"] and day is None:
        problems["day"] = NO_SUCH_DAY
    chosen = typed["kind"]
    kinds = tuple(kinds_of(EventGroup(chosen))) if chosen in set(EventGroup) else (chosen,) if chosen else ()
    wanted = history.HistoryFilter(staff=typed["staff"], office=typed["office"], code=code, kinds=kinds, day=day)
    return Asked(typed=typed, wanted=wanted, problems=problems)
