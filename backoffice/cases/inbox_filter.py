"""The filter of the inbox: read from the address, resolved within the scope, shown, and removable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from urllib.parse import urlencode

from backoffice.cases.wording import CASE_KINDS, CASE_STATES, CATEGORIES
from backoffice.staff.roles import MOST_FOUND
from backoffice.web.http import PageRequest
from desk.cases import categories
from desk.cases.rules import QUESTION, CaseKind, CaseState
from desk.language.text import Param, Text, words
from desk.offices import finding, queries
from desk.offices.rows import OfficeRow, ProvinceRow
from desk.organisation import Scope, province
from desk.reading.folding import ascii_digits, joined
from desk.storage.base import ReadSession

_ = words("inbox")

PATH = "/inbox"
ME, NOBODY = "me", "nobody"
"""The values of the holder filter."""
EVERY = "all"
"""A value of the state filter: open and closed cases."""
WHOSE = {ME: _("Mine"), NOBODY: _("Nobody's yet")}


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """One value of a filter."""

    key: str
    label: Param
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SetFilter:
    """An active filter, and the address without it."""

    label: Param
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFilter:
    """The filter of the inbox; an unknown state, kind or holder is ignored.

    A category, province or office is kept as typed, so that the page can say that it does not exist.
    """

    state: CaseState | None = None
    closed_too: bool = False
    kind: CaseKind | None = None
    who: str = ""
    """Empty = every holder, or one of WHOSE."""
    is_late: bool = False
    category: str = ""
    province: str = ""
    office: str = ""
    """A code, or a text to search offices by."""
    words: str = ""
    """A whole code, a name or what was written."""
    page: int = 1

    @staticmethod
    def of(request: PageRequest) -> InboxFilter:
        """Read the query of the address."""
        states, kinds = {each.value: each for each in CaseState}, {each.value: each for each in CaseKind}
        return InboxFilter(
            state=states.get(request.query_text("state")),
            closed_too=request.query_text("state") == EVERY,
            kind=kinds.get(request.query_text("kind")),
            who=request.query_text("who") if request.query_text("who") in WHOSE else "",
            is_late=request.query_text("late") == "1",
            category=request.query_text("category")[:80],
            province=request.query_text("province")[:80],
            office=request.query_text("office")[:80],
            words=request.query_text("q")[:80],
            page=min(max(request.query_number("page") or 1, 1), 10_000),
        )

    def query(self) -> dict[str, str]:
        """The filter as a query string's values, without the page number."""
        parts = {
            "state": self.state.value if self.state else EVERY if self.closed_too else "",
            "kind": self.kind.value if self.kind else "",
            "who": self.who,
            "late": "1" if self.is_late else "",
            "category": self.category,
            "province": self.province,
            "office": self.office,
            "q": self.words,
        }
        return {name: value for name, value in parts.items() if value}

    def address(self, *, without: str = "") -> str:
        """The address of this filter, without the named part."""
        query = {name: value for name, value in self.query().items() if name != without}
        return f"{PATH}?{urlencode(query)}" if query else PATH

    @property
    def wider(self) -> str | None:
        """The address that searches the same words in all cases within the scope, unless it is this one."""
        widest = InboxFilter(closed_too=True, words=self.words)
        return None if replace(self, page=1) == widest else widest.address()

    @property
    def where(self) -> Text:
        """What was searched, for the message that nothing was found."""
        if self.kind or self.who or self.is_late or self.category or self.province or self.office:
            return _("the cases of this filter")
        if self.state is not None:
            return _("the cases in this state")
        return _("all cases, closed ones too") if self.closed_too else _("the open cases")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The places and the category that a filter names, within the scope.

    `offices` are the matching ones where there are several; `faults` say, by part of the filter, why nothing is listed.
    """

    provinces: Sequence[ProvinceRow] = ()
    office: OfficeRow | None = None
    offices: Sequence[OfficeRow] = ()
    left_out: int = 0
    faults: dict[str, Text] = field(default_factory=dict)

    @property
    def is_listed(self) -> bool:
        """Whether the filter can be applied."""
        return not self.faults and not self.offices


def places(session: ReadSession, *, scope: Scope, wanted: InboxFilter) -> Places:
    """Resolve the names, in at most three statements; an office outside of the scope does not exist here."""
    faults: dict[str, Text] = {}
    everywhere = queries.provinces(session) if has_provinces(scope) or wanted.province else None
    provinces = [row for row in everywhere or () if scope.covers(province(row.code))]
    if wanted.province and wanted.province not in {row.code for row in provinces}:
        faults["province"] = _("There is no such province within your reach.")
    if wanted.category and wanted.category not in CATEGORIES:
        faults["category"] = _("There is no such category of cases.")
    if not wanted.office:
        return Places(provinces=provinces, faults=faults)
    if not joined(wanted.office):
        return Places(provinces=provinces, faults={**faults, "office": _nowhere(wanted)})
    office = queries.office_by_code(session, code=ascii_digits(wanted.office))
    if office is not None and scope.covers(office.node):
        return Places(provinces=provinces, office=office, faults=faults)
    if everywhere is None:
        everywhere = queries.provinces(session)
    found = finding.find(session, scope=scope, provinces=everywhere, words=wanted.office, limit=MOST_FOUND)
    if found.rows and (found.total == 1 or joined(found.rows[0].code) == joined(wanted.office)):
        return Places(provinces=provinces, office=found.rows[0], faults=faults)
    if not found.rows:
        return Places(provinces=provinces, faults={**faults, "office": _nowhere(wanted)})
    left_out = found.total - len(found.rows)
    return Places(provinces=provinces, offices=found.rows, left_out=left_out, faults=faults)


def _nowhere(wanted: InboxFilter) -> Text:
    return _("No office within your reach is found by «{words}».", words=wanted.office)


def has_provinces(scope: Scope) -> bool:
    """Whether the scope has several provinces to choose from."""
    return scope.is_national or len(scope.provinces) > 1


def has_offices(scope: Scope) -> bool:
    """Whether the scope has several offices whose cases may be listed."""
    return bool(scope.is_national or scope.provinces or len(scope.offices) > 1)


def has_categories(scope: Scope) -> bool:
    """Whether the scope may have complaints; an office has questions only."""
    return bool(scope.is_national or scope.provinces)


def states(wanted: InboxFilter) -> list[FilterChoice]:
    """The values of the state."""
    return [
        FilterChoice("", _("All open"), wanted.state is None and not wanted.closed_too),
        FilterChoice(EVERY, _("All, closed too"), wanted.closed_too),
        *(FilterChoice(state.value, badge.label, wanted.state is state) for state, badge in CASE_STATES.items()),
    ]


def kinds(wanted: InboxFilter) -> list[FilterChoice]:
    """The values of the kind."""
    return [
        FilterChoice("", _("Complaints and questions"), wanted.kind is None),
        *(FilterChoice(kind.value, badge.label, wanted.kind is kind) for kind, badge in CASE_KINDS.items()),
    ]


def whose(wanted: InboxFilter) -> list[FilterChoice]:
    """The values of the owner."""
    return [
        FilterChoice("", _("Everybody's"), not wanted.who),
        *(FilterChoice(key, label, wanted.who == key) for key, label in WHOSE.items()),
    ]


def provinces(wanted: InboxFilter, found: Places) -> list[FilterChoice]:
    """The provinces in reach."""
    return [
        FilterChoice("", _("All provinces"), not wanted.province),
        *(FilterChoice(row.code, row.name, wanted.province == row.code) for row in found.provinces),
    ]


@cache
def _offered() -> dict[str, Text]:
    """The categories that a case may have."""
    held = {code for code, each in categories.CATEGORIES.items() if each.takes_cases} | {QUESTION}
    return {code: label for code, label in CATEGORIES.items() if code in held}


def categories_of(wanted: InboxFilter) -> list[FilterChoice]:
    """The categories a case may have."""
    return [
        FilterChoice("", _("All categories"), not wanted.category),
        *(FilterChoice(code, label, wanted.category == code) for code, label in _offered().items()),
    ]


def are_set(wanted: InboxFilter, found: Places) -> list[SetFilter]:
    """The filters that are set, in the order of the form."""
    return [SetFilter(label, wanted.address(without=name)) for name, label in _labels(wanted, found)]


def _labels(wanted: InboxFilter, found: Places) -> Iterator[tuple[str, Param]]:
    if wanted.words:
        yield "q", _("Words: {words}", words=wanted.words)
    if wanted.state is not None or wanted.closed_too:
        yield "state", CASE_STATES[wanted.state].label if wanted.state else _("All, closed too")
    if wanted.kind is not None:
        yield "kind", CASE_KINDS[wanted.kind].label
    if wanted.category:
        yield "category", CATEGORIES.get(wanted.category) or _("Category: {name}", name=wanted.category)
    if wanted.province:
        names = {row.code: row.name for row in found.provinces}
        yield "province", _("Province: {name}", name=names.get(wanted.province, wanted.province))
    if wanted.office:
        yield "office", found.office.name if found.office else _("Office: {name}", name=wanted.office)
    if wanted.who:
        yield "who", WHOSE[wanted.who]
    if wanted.is_late:
        yield "late", _("Only late ones")
