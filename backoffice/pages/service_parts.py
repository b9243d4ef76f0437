"""The papers and steps of a service: added, changed, moved and taken out one at a time; each saves the whole list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from wtforms import Form

from backoffice.access import OutOfReach, require_province
from backoffice.exchange import Ask, Desk, Go, Reply, Show
from backoffice.forms.catalogue import PaperForm, StepForm
from backoffice.forms.fields import TwoLanguages, entry_named
from backoffice.forms.versions import MEANWHILE, ChangedMeanwhile, EditForm
from backoffice.pages.catalogue import card_of, may_write
from backoffice.wording import DOCUMENT_KINDS, refused
from desk.catalogue import actions
from desk.catalogue.refusals import CopyDemanded
from desk.catalogue.rows import PaperInput, PaperRow, ServiceCard, StepInput, StepRow
from desk.catalogue.rules import demands_a_copy
from desk.language.text import Localised, Text, words
from desk.people.rules import DocumentKind
from desk.storage.base import ReadSession, WriteSession

_ = words("catalogue")

T = TypeVar("T", PaperInput, StepInput)

NEW = 0
"""The number of a part that is not in the list yet."""
NOT_THERE = _("Somebody changed this or took it out meanwhile. Look at the list; saving now adds it as a new line.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the presses beside a part carry of it."""

    title: str
    version: str


class NotThePart(Exception):
    """The part that a page speaks of is no longer what the page showed; nothing was written."""


def papers(session: ReadSession, ask: Ask) -> Reply:
    """The papers, with the form for one of them or for a new one."""
    card = card_of(session, ask)
    chosen = next((each for each in card.papers if each.id == ask.number("paper")), None)
    form = _paper_form(chosen) if chosen else PaperForm()
    return _papers_page(ask, card=card, form=form, chosen=chosen.id if chosen else NEW, status=200)


async def save_paper(ask: Ask, desk: Desk) -> Reply:
    """Write one paper; a demand for a copy is refused, with the reason at the field."""
    require_province(ask.scope, province_code=None)
    form = PaperForm(ask.form)
    chosen = ask.path["paper"]
    if form.validate():
        paper = PaperInput(
            title=TwoLanguages.read(form, "title"),
            note=TwoLanguages.read(form, "note") or None,
            document_kind=DocumentKind(form.document_kind.data) if form.document_kind.data else None,
            is_optional=form.is_optional.data,
        )

        def change(card: ServiceCard) -> list[PaperInput]:
            kept = [(each.id, _paper(each)) for each in card.papers]
            whole = _written(kept, number=chosen, part=replace(paper, id=chosen or None), was=_was(ask))
            for each in card.papers:
                if each.id == chosen:
                    form.compare(_paper_form(each))
            return whole

        try:
            await desk.write(_save_papers, ask, change)
        except CopyDemanded as refusal:
            _complain(form, refusal, names=("title_fa", "title_fa_AF", "note_fa", "note_fa_AF"))
        except NotThePart:
            form.title_fa.complain(NOT_THERE)
            chosen = NEW
        except ChangedMeanwhile:
            pass  # the form says what has changed
        else:
            return Go(to=_address(ask, "papers"), notice="saved")
    card = await desk.read(card_of, ask)
    return _papers_page(ask, card=card, form=form, chosen=chosen, status=409 if form.changes else 422)


async def move_paper(ask: Ask, desk: Desk) -> Reply:
    """Move a paper up or down, or take it out."""
    require_province(ask.scope, province_code=None)

    def change(card: ServiceCard) -> list[PaperInput]:
        kept = [(each.id, _paper(each)) for each in card.papers]
        whole = _moved(kept, number=ask.path["paper"], how=_how(ask), was=_was(ask))
        _compare(press, (_paper_form(each) for each in card.papers if each.id == ask.path["paper"]), how=_how(ask))
        return whole

    press = PaperForm(ask.form)
    try:
        return await _move(ask, desk, _save_papers, change, part="papers")
    except ChangedMeanwhile:
        card = await desk.read(card_of, ask)
        return _papers_page(ask, card=card, form=PaperForm(), chosen=NEW, problem=MEANWHILE, status=409)


def steps(session: ReadSession, ask: Ask) -> Reply:
    """The steps, with the form for one of them or for a new one."""
    card = card_of(session, ask)
    chosen = next((each for each in card.steps if each.id == ask.number("step")), None)
    form = _step_form(chosen) if chosen else StepForm()
    return _steps_page(ask, card=card, form=form, chosen=chosen.id if chosen else NEW, status=200)


async def save_step(ask: Ask, desk: Desk) -> Reply:
    """Write one step."""
    require_province(ask.scope, province_code=None)
    form = StepForm(ask.form)
    chosen = ask.path["step"]
    if not form.validate():
        card = await desk.read(card_of, ask)
        return _steps_page(ask, card=card, form=form, chosen=chosen, status=422)
    step = StepInput(
        title=TwoLanguages.read(form, "title"),
        agency=TwoLanguages.read(form, "agency") or None,
        is_inquiry=form.is_inquiry.data,
    )

    def change(card: ServiceCard) -> list[StepInput]:
        kept = [(each.id, _step(each)) for each in card.steps]
        whole = _written(kept, number=chosen, part=replace(step, id=chosen or None), was=_was(ask))
        for each in card.steps:
            if each.id == chosen:
                form.compare(_step_form(each))
        return whole

    try:
        await desk.write(_save_steps, ask, change)
    except CopyDemanded as refusal:
        _complain(form, refusal, names=("title_fa", "title_fa_AF", "agency_fa", "agency_fa_AF"))
        card = await desk.read(card_of, ask)
        return _steps_page(ask, card=card, form=form, chosen=chosen, status=422)
    except NotThePart:
        form.title_fa.complain(NOT_THERE)
        card = await desk.read(card_of, ask)
        return _steps_page(ask, card=card, form=form, chosen=NEW, status=422)
    except ChangedMeanwhile:
        card = await desk.read(card_of, ask)
        return _steps_page(ask, card=card, form=form, chosen=chosen, status=409)
    return Go(to=_address(ask, "steps"), notice="saved")


async def move_step(ask: Ask, desk: Desk) -> Reply:
    """Move a step up or down, or take it out."""
    require_province(ask.scope, province_code=None)

    def change(card: ServiceCard) -> list[StepInput]:
        kept = [(each.id, _step(each)) for each in card.steps]
        whole = _moved(kept, number=ask.path["step"], how=_how(ask), was=_was(ask))
        _compare(press, (_step_form(each) for each in card.steps if each.id == ask.path["step"]), how=_how(ask))
        return whole

    press = StepForm(ask.form)
    try:
        return await _move(ask, desk, _save_steps, change, part="steps")
    except ChangedMeanwhile:
        card = await desk.read(card_of, ask)
        return _steps_page(ask, card=card, form=StepForm(), chosen=NEW, problem=MEANWHILE, status=409)


def _complain(form: PaperForm | StepForm, refusal: CopyDemanded, *, names: Sequence[str]) -> None:
    """Put the reason at the field that demands a copy."""
    name = next((name for name in names if demands_a_copy(form[name].data or "")), names[0])
    entry_named(form, name).complain(refused(refusal))


def _save_papers(session: WriteSession, ask: Ask, change: Callable[[ServiceCard], list[PaperInput]]) -> None:
    actions.keep_parts(session, service_id=ask.path["service"])
    card = card_of(session, ask)
    actions.save_papers(session, service_id=card.id, papers=change(card), staff_id=ask.staff.staff_id, now=ask.now)


def _save_steps(session: WriteSession, ask: Ask, change: Callable[[ServiceCard], list[StepInput]]) -> None:
    actions.keep_parts(session, service_id=ask.path["service"])
    card = card_of(session, ask)
    actions.save_steps(session, service_id=card.id, steps=change(card), staff_id=ask.staff.staff_id, now=ask.now)


async def _move(ask: Ask, desk: Desk, save: Callable[..., None], change: Callable[..., object], *, part: str) -> Reply:
    try:
        await desk.write(save, ask, change)
    except NotThePart:
        return Go(to=_address(ask, part))  # the list as it is now says what happened; a removal sent twice is done
    return Go(to=_address(ask, part), notice="saved")


def _written(parts: list[tuple[int, T]], *, number: int, part: T, was: str | None) -> list[T]:
    """The list with `part` in place of the one with this number, or at the end when it is new."""
    if number == NEW:
        whole = [each for _, each in parts]
        whole.append(part)
        return whole
    _find(parts, number=number, was=was)
    return [part if each == number else old for each, old in parts]


def _moved(parts: list[tuple[int, T]], *, number: int, how: str, was: str | None) -> list[T]:
    """The list with the part of this number a place higher or lower, or gone."""
    place = _find(parts, number=number, was=was)
    rest = [each for _, each in parts]
    part = rest.pop(place)
    if how != "out":
        rest.insert(max(0, place - 1) if how == "up" else place + 1, part)
    return rest


def _compare(press: EditForm, parts: Iterable[EditForm], *, how: str) -> None:
    """What is taken out has to be what stood there; a place up or down is right whatever its words are."""
    for part in parts:
        if how == "out":
            press.compare(part)


def _find(parts: list[tuple[int, T]], *, number: int, was: str | None) -> int:
    """The place of the part with this number, as long as it is the one the page showed.

    A number alone does not say so: the database may give that of a part taken out to the next one.
    """
    for place, (each, part) in enumerate(parts):
        if each == number and was in (None, title_as_shown(part.title)):
            return place
    if was is None:
        raise OutOfReach
    raise NotThePart


def title_as_shown(title: Localised) -> str:
    """What the page's forms carry to say which part they speak of."""
    return " | ".join(title.to_mapping().values())


def _was(ask: Ask) -> str | None:
    sent = ask.form.get("was")
    return None if sent is None else str(sent)


def _how(ask: Ask) -> str:
    return str(ask.form.get("how") or "")


def _paper(row: PaperRow) -> PaperInput:
    return PaperInput(
        title=row.title, note=row.note, document_kind=row.document_kind, is_optional=row.is_optional, id=row.id
    )


def _paper_form(row: PaperRow) -> PaperForm:
    data: dict[str, Any] = {**TwoLanguages.values("title", row.title), **TwoLanguages.values("note", row.note)}
    kind = row.document_kind.value if row.document_kind else None
    return PaperForm(data={**data, "document_kind": kind, "is_optional": row.is_optional})


def _step_form(row: StepRow) -> StepForm:
    data: dict[str, Any] = {**TwoLanguages.values("title", row.title), **TwoLanguages.values("agency", row.agency)}
    return StepForm(data={**data, "is_inquiry": row.is_inquiry})


def _step(row: StepRow) -> StepInput:
    return StepInput(title=row.title, agency=row.agency, is_inquiry=row.is_inquiry, id=row.id)


def _papers_page(
    ask: Ask, *, card: ServiceCard, form: Form, chosen: int, problem: Text | None = None, status: int
) -> Reply:
    lines = [(each, DOCUMENT_KINDS[each.document_kind] if each.document_kind else None) for each in card.papers]
    shown = {each.id: Shown(title_as_shown(each.title), _paper_form(each).version) for each in card.papers}
    was = _was(ask) or (shown[chosen].title if chosen in shown else None)
    values: dict[str, Any] = {"lines": lines, "shown": shown, "was": was, "problem": problem, "tab": "papers"}
    return _page(ask, card=card, form=form, chosen=chosen, status=status, template="papers", values=values)


def _steps_page(
    ask: Ask, *, card: ServiceCard, form: Form, chosen: int, problem: Text | None = None, status: int
) -> Reply:
    shown = {each.id: Shown(title_as_shown(each.title), _step_form(each).version) for each in card.steps}
    was = _was(ask) or (shown[chosen].title if chosen in shown else None)
    values: dict[str, Any] = {"shown": shown, "was": was, "problem": problem, "tab": "steps"}
    return _page(ask, card=card, form=form, chosen=chosen, status=status, template="steps", values=values)


def _page(
    ask: Ask, *, card: ServiceCard, form: Form, chosen: int, status: int, template: str, values: dict[str, Any]
) -> Reply:
    shared = {"card": card, "form": form, "chosen": chosen, "may_write": may_write(ask)}
    return Show(template=f"catalogue/{template}.html", values={**shared, **values}, status=status)


def _address(ask: Ask, part: str) -> str:
    return f"/catalogue/{ask.path['service']}/{part}"
