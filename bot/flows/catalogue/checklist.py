"""A checklist of papers: tick those at hand, and see what is missing before setting out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.dialogue.flow import Flow, Talk
from bot.dialogue.questions import Go, Option, Question, Reading, Skip, Taken
from bot.dialogue.says import ButtonStyle
from bot.flows import links, wording
from desk.capacity import chat as capacity
from desk.catalogue import chat as catalogue
from desk.language import labels
from desk.language.text import Param, lines, paragraphs, words
from desk.people.rules import KINDS_ON_BUTTONS, DocumentKind
from desk.reading.numbers import read_number

if TYPE_CHECKING:
    from desk.catalogue.rows import PaperRow, ServiceCard

_ = words("checklist")

MARK_LETTERS = 2
"""The letters of a button's label that the mark and its space take."""


@dataclass(slots=True)
class ChecklistDraft:
    service: int = 0
    kind: str = ""
    have: list[int] = field(default_factory=list)
    """Ids of the papers at hand."""


ChecklistTalk = Talk[ChecklistDraft]

flow = Flow("checklist", draft=ChecklistDraft, looks_last=True)


@flow.enter
def of_a_service(talk: ChecklistTalk, arg: str) -> Go | None:
    """`<service id>` or `<service id>.<kind of paper>`."""
    number, _dot, kind = arg.partition(".")
    shown = catalogue.card(talk.desk, links.id_in(number))
    if shown is None or not shown.is_published:
        return Go("services")
    talk.draft.service = shown.id
    talk.draft.kind = kind if kind in labels.DOCUMENT_KINDS else ""
    return None


@flow.step(asks="kind")
def kind(talk: ChecklistTalk) -> Question | Skip | Go:
    shown = _card(talk)
    if shown is None:
        return Go("services")
    named = {paper.document_kind for paper in shown.papers if paper.document_kind}
    if not named:
        return Skip()
    return Question(
        paragraphs(
            lines(_("📄 **{service}**", service=shown.title), *(_of_kind(paper) for paper in shown.papers)),
            _("Which paper do you have?"),
        ),
        options=(
            *(
                Option(each.value, labels.document_kind(each), sets={"kind": each.value})
                for each in KINDS_ON_BUTTONS
                if each in named
            ),
            Option("other", _("Something else"), sets={"kind": "other"}),
        ),
    )


@flow.step
def papers(talk: ChecklistTalk) -> Question | Go:
    shown = _card(talk)
    if shown is None:
        return Go("services")
    wanted = _wanted(talk, shown)
    book = _book(talk, shown)
    if not wanted:
        if not shown.papers:
            return Go("services", str(shown.id))
        return Question(
            lines(
                _("📄 **{service}**", service=shown.title),
                _("For this kind no paper is named."),
                wording.COME_WITHOUT if talk.draft.kind == DocumentKind.NONE else wording.BRING_ALL,
            ),
            options=(*book, Option("ask", _("💬 Ask the desk"), then=Go("ask"))),
        )
    listed = lines(
        _("📄 **{service}**", service=shown.title),
        *(_line(place, paper, has=paper.id in talk.draft.have) for place, paper in enumerate(wanted, start=1)),
    )
    ticks = tuple(_tick(talk, place, paper) for place, paper in enumerate(wanted, start=1))
    if _missing(talk, wanted):
        return Question(
            paragraphs(listed, lines(wording.BRING_ORIGINALS, _("Press each paper that you have."))),
            options=(*ticks, Option("missing", _("What is missing?"), then=missing)),
            reads=lambda typed: _read(typed, ticks),
            reads_first=True,
        )
    return Question(
        paragraphs(listed, _("✅ You have everything. Bring the originals; no copies.")),
        options=(*ticks, *book),
        reads=lambda typed: _read(typed, ticks),
        reads_first=True,
    )


@flow.step
def missing(talk: ChecklistTalk) -> Question | Skip | Go:
    shown = _card(talk)
    if shown is None:
        return Go("services")
    still = _missing(talk, _wanted(talk, shown))
    if not still:
        return Skip(then=papers)
    book = _book(talk, shown)
    return Question(
        paragraphs(
            lines(_("Still missing:"), *(_("▫️ {paper}", paper=paper.title) for paper in still)),
            _("You may get a turn now and bring them on the day.") if book else None,
        ),
        options=(
            *book,
            Option("ticks", _("📄 Back to the papers"), then=papers),
            Option("ask", _("💬 Ask the desk"), then=Go("ask")),
        ),
    )


def _book(talk: ChecklistTalk, shown: ServiceCard) -> tuple[Option, ...]:
    if not capacity.takes_appointments(talk.desk, shown):
        return ()
    return (Option("book", _("🗓 Get a turn"), then=Go("book", f"service.{shown.id}")),)


def _card(talk: ChecklistTalk) -> ServiceCard | None:
    found = catalogue.card(talk.desk, talk.draft.service)
    return found if found is not None and found.is_published else None


def _wanted(talk: ChecklistTalk, shown: ServiceCard) -> list[PaperRow]:
    """The papers for everybody and for this kind of paper."""
    return [paper for paper in shown.papers if paper.document_kind in (None, talk.draft.kind)]


def _missing(talk: ChecklistTalk, wanted: list[PaperRow]) -> list[PaperRow]:
    return [paper for paper in wanted if paper.id not in talk.draft.have and not paper.is_optional]


def _read(typed: str, ticks: Sequence[Option]) -> Reading:
    """Read the number of a paper, also of a later page."""
    number = read_number(typed)
    if number is None or not 1 <= number <= len(ticks):
        return None
    return Taken(ticks[number - 1].sets, ticks[number - 1].then)


def _of_kind(paper: PaperRow) -> Param:
    """A paper with the kind of identity paper that it belongs to."""
    if paper.document_kind is None:
        return _("▫️ {paper}", paper=paper.title)
    return _("▫️ {kind}: {paper}", kind=labels.document_kind(paper.document_kind), paper=paper.title)


def _line(place: int, paper: PaperRow, *, has: bool) -> Param:
    mark = "✅" if has else "▫️"
    title: Param = paper.title if not paper.is_optional else _("{paper} (if you have it)", paper=paper.title)
    if paper.note:
        return _("{mark} {n}. {paper}: {note}", mark=mark, n=place, paper=title, note=paper.note)
    return _("{mark} {n}. {paper}", mark=mark, n=place, paper=title)


def _tick(talk: ChecklistTalk, place: int, paper: PaperRow) -> Option:
    """The button that ticks a paper, or takes the tick away."""
    has = paper.id in talk.draft.have
    have = [each for each in talk.draft.have if each != paper.id] if has else [*talk.draft.have, paper.id]
    title = wording.cut(paper.title.for_locale(talk.locale), letters=wording.LONGEST_LABEL - MARK_LETTERS - 3)
    label = _("{mark} {n}. {paper}", mark="✅" if has else "▫️", n=place, paper=title)
    style = ButtonStyle.CONFIRM if has else ButtonStyle.PLAIN
    return Option(f"p{paper.id}", label, sets={"have": have}, then=papers, style=style)
