"""The inbox: the complaints and questions within reach, the one promised soonest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from backoffice.exchange import Ask, Go, Reading, Reply, Show
from backoffice.pages.deadlines import deadline
from backoffice.pages.paging import pages_of
from backoffice.wording import CASE_KINDS, CASE_STATES, CATEGORIES, SEVERITIES, Badge
from desk.cases import inbox
from desk.cases import queries as cases
from desk.cases.rows import CaseRow, LastLine, ListedCase
from desk.cases.rules import CaseKind, EntryKind, State
from desk.language.text import Text, words
from desk.storage.base import ReadSession
from desk.values import LocalMoment, TrackingCode

_ = words("inbox")

PAGE_SIZE = 25
ME, NOBODY = "me", "nobody"
"""Whose cases are asked for."""
EVERY = "all"
"""Instead of a state: the closed ones too."""
IN_WORK = (State.WITH_UNIT, State.IN_REVIEW)
"""States in which somebody has the case in hand."""
SHOWN = 110
"""Letters of what was written last."""
GRAVE = 3
"""Severity from which on a row says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """What was written last: by whom, how it begins, when."""

    who: Text | str
    beginning: str | None
    is_voice: bool
    is_note: bool
    is_persons: bool
    at: LocalMoment


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A case as the list shows it."""

    case: CaseRow | ListedCase
    kind: Badge
    state: Badge
    category: Text
    due: Badge
    severity: Badge | None
    last: Last | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter."""

    key: str
    label: Text
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """A figure above the list that leads to its cases."""

    label: Text
    number: int
    address: str
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What of the inbox is asked for; what cannot be read falls back to every open case."""

    state: State | None = None
    closed_too: bool = False
    kind: CaseKind | None = None
    who: str = ""
    """Empty = everybody's, or one of WHO."""
    is_late: bool = False
    words: str = ""
    """Part of a code, a name or what was written."""
    page: int = 1

    @staticmethod
    def of(ask: Ask) -> Filter:
        """Read the query of the address."""
        states, kinds = {each.value: each for each in State}, {each.value: each for each in CaseKind}
        return Filter(
            state=states.get(ask.asked("state")),
            closed_too=ask.asked("state") == EVERY,
            kind=kinds.get(ask.asked("kind")),
            who=ask.asked("who") if ask.asked("who") in {ME, NOBODY} else "",
            is_late=ask.asked("late") == "1",
            words=ask.asked("q")[:80],
            page=min(max(ask.number("page") or 1, 1), 10_000),
        )

    def query(self) -> dict[str, str]:
        """The same filter as an address carries it, without the page."""
        parts = {
            "state": self.state.value if self.state else EVERY if self.closed_too else "",
            "kind": self.kind.value if self.kind else "",
            "who": self.who,
            "late": "1" if self.is_late else "",
            "q": self.words,
        }
        return {name: value for name, value in parts.items() if value}

    @property
    def wider(self) -> str | None:
        """The address that looks for the same words among all cases in reach, unless this is that already."""
        widest = {"state": EVERY, "q": self.words}
        return None if self.query() == widest else f"/inbox?{urlencode(widest)}"

    @property
    def where(self) -> Text:
        """Where it was looked, for who did not find it."""
        if self.kind or self.who or self.is_late:
            return _("the cases of this filter")
        if self.state is not None:
            return _("the cases in this state")
        return _("all cases, closed ones too") if self.closed_too else _("the open cases")


def page(session: ReadSession, ask: Ask) -> Reply:
    """The list; a whole tracking code leads straight to its case."""
    typed = ask.asked("q")
    code = TrackingCode.parse(typed) if typed else None
    if code is not None:
        found = cases.by_code(session, code=code)
        if found is not None and cases.thread(session, case_id=found.id, for_staff=True, scope=ask.scope):
            return Go(to=f"/inbox/{found.id}")
    wanted = Filter.of(ask)
    box = inbox.inbox(
        session,
        scope=ask.scope,
        state=wanted.state,
        closed_too=wanted.closed_too,
        kind=wanted.kind,
        assigned_to=ask.staff.staff_id if wanted.who == ME else None,
        unassigned_only=wanted.who == NOBODY,
        words=wanted.words or None,
        overdue_only=wanted.is_late,
        now=ask.now,
        page=wanted.page,
        page_size=PAGE_SIZE,
    )
    values = {
        "lines": [line_of(row, now=ask.now, last=box.last.get(row.id)) for row in box.rows],
        "tallies": [
            Tally(_("Late"), box.overdue, "/inbox?late=1", is_late=box.overdue > 0),
            Tally(_("New"), box.counts.get(State.RECEIVED, 0), "/inbox?state=received"),
            *(_tally(state, box.counts) for state in IN_WORK),
            Tally(_("Answered"), box.counts.get(State.ANSWERED, 0), "/inbox?state=answered"),
        ],
        "states": [
            Choice("", _("All open"), wanted.state is None and not wanted.closed_too),
            Choice(EVERY, _("All, closed too"), wanted.closed_too),
            *(Choice(state.value, badge.label, wanted.state is state) for state, badge in CASE_STATES.items()),
        ],
        "kinds": [
            Choice("", _("Complaints and questions"), wanted.kind is None),
            *(Choice(kind.value, badge.label, wanted.kind is kind) for kind, badge in CASE_KINDS.items()),
        ],
        "who": [
            Choice("", _("Everybody's"), not wanted.who),
            Choice(ME, _("Mine"), wanted.who == ME),
            Choice(NOBODY, _("Nobody's yet"), wanted.who == NOBODY),
        ],
        "is_late": wanted.is_late,
        "is_filtered": bool(wanted.query()),
        "q": typed,
        "not_found": _("«{words}» was not found in {where}, within your reach.", words=typed, where=wanted.where)
        if typed and not box.rows
        else None,
        "wider": wanted.wider,
        "pages": pages_of("/inbox", query=wanted.query(), number=box.page, total=box.total, size=PAGE_SIZE),
        "total": box.total,
    }
    # The rows show how texts begin; the page stays open and asks again by itself.
    reading = Reading("case.list", "inbox", recurs=True)
    return Show(template="inbox/page.html", values=values, reading=reading)


def line_of(row: CaseRow | ListedCase, *, now: datetime, last: LastLine | None = None) -> Line:
    """A row of the list."""
    return Line(
        case=row,
        kind=CASE_KINDS[row.kind],
        state=CASE_STATES[row.state],
        category=CATEGORIES.get(row.category, CATEGORIES["OTHER"]),
        due=deadline(row, now=now),
        severity=SEVERITIES[row.severity] if row.severity >= GRAVE else None,
        last=_last(last) if last else None,
    )


def _last(line: LastLine) -> Last:
    return Last(
        who=(line.staff_name or _("A colleague")) if line.is_by_staff else _("The person"),
        beginning=_shortened(line.beginning) if line.beginning else None,
        is_voice=line.is_voice,
        is_note=line.kind is EntryKind.NOTE,
        is_persons=not line.is_by_staff,
        at=LocalMoment(line.at),
    )


def _shortened(text: str) -> str:
    """A beginning in one line, cut between two words."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= SHOWN else one_line[:SHOWN].rpartition(" ")[0] + " …"


def _tally(state: State, counts: Mapping[State, int]) -> Tally:
    """The figure of one state, so that its list holds as many rows."""
    return Tally(CASE_STATES[state].label, counts.get(state, 0), f"/inbox?state={state.value}")
