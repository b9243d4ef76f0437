"""The pages of a service's papers and steps, over `part_list`."""

from __future__ import annotations

from typing import Any, Final

from backoffice.catalogue.forms import PaperForm, StepForm
from backoffice.catalogue.part_list import PartList, move_part, save_part, show_parts
from backoffice.forms.fields import TwoLanguages
from backoffice.web.http import Backend, PageRequest, PageResponse
from desk.catalogue import actions
from desk.catalogue.rows import PaperInput, PaperRow, ServiceCard, StepInput, StepRow
from desk.language.labels import DOCUMENT_KINDS
from desk.language.text import Text
from desk.people.rules import DocumentKind
from desk.storage.base import ReadSession, WriteSession


def papers(session: ReadSession, request: PageRequest) -> PageResponse:
    """The papers, with the form for one of them or for a new one."""
    return show_parts(session, request, PAPERS)


async def save_paper(request: PageRequest, backend: Backend) -> PageResponse:
    """Write one paper; a demand for a copy is refused, with the reason at the field."""
    return await save_part(request, backend, PAPERS)


async def move_paper(request: PageRequest, backend: Backend) -> PageResponse:
    """Move a paper up or down, or delete it."""
    return await move_part(request, backend, PAPERS)


def steps(session: ReadSession, request: PageRequest) -> PageResponse:
    """The steps, with the form for one of them or for a new one."""
    return show_parts(session, request, STEPS)


async def save_step(request: PageRequest, backend: Backend) -> PageResponse:
    """Write one step; a demand for a copy is refused, with the reason at the field."""
    return await save_part(request, backend, STEPS)


async def move_step(request: PageRequest, backend: Backend) -> PageResponse:
    """Move a step up or down, or delete it."""
    return await move_part(request, backend, STEPS)


def _paper_form(row: PaperRow) -> PaperForm:
    data: dict[str, Any] = {**TwoLanguages.values("title", row.title), **TwoLanguages.values("note", row.note)}
    kind = row.document_kind.value if row.document_kind else None
    return PaperForm(data={**data, "document_kind": kind, "is_optional": row.is_optional})


def _kept_paper(row: PaperRow) -> PaperInput:
    return PaperInput(
        title=row.title, note=row.note, document_kind=row.document_kind, is_optional=row.is_optional, id=row.id
    )


def _read_paper(form: PaperForm, id: int | None) -> PaperInput:
    return PaperInput(
        title=TwoLanguages.read(form, "title"),
        note=TwoLanguages.read(form, "note") or None,
        document_kind=DocumentKind(form.document_kind.data) if form.document_kind.data else None,
        is_optional=form.is_optional.data,
        id=id,
    )


def _save_papers(session: WriteSession, card: ServiceCard, papers: list[PaperInput], request: PageRequest) -> None:
    actions.save_papers(session, service_id=card.id, papers=papers, actor=request.actor, now=request.now)


def _paper_line(row: PaperRow) -> tuple[PaperRow, Text | None]:
    return row, DOCUMENT_KINDS[row.document_kind] if row.document_kind else None


PAPERS: Final = PartList(
    tab="papers",
    part="paper",
    form=PaperForm,
    texts=("title_fa", "title_fa_AF", "note_fa", "note_fa_AF"),
    rows=lambda card: card.papers,
    form_of=_paper_form,
    kept=_kept_paper,
    read=_read_paper,
    save=_save_papers,
    line=_paper_line,
)


def _step_form(row: StepRow) -> StepForm:
    data: dict[str, Any] = {**TwoLanguages.values("title", row.title), **TwoLanguages.values("agency", row.agency)}
    return StepForm(data={**data, "is_inquiry": row.is_inquiry})


def _kept_step(row: StepRow) -> StepInput:
    return StepInput(title=row.title, agency=row.agency, is_inquiry=row.is_inquiry, id=row.id)


def _read_step(form: StepForm, id: int | None) -> StepInput:
    return StepInput(
        title=TwoLanguages.read(form, "title"),
        agency=TwoLanguages.read(form, "agency") or None,
        is_inquiry=form.is_inquiry.data,
        id=id,
    )


def _save_steps(session: WriteSession, card: ServiceCard, steps: list[StepInput], request: PageRequest) -> None:
    actions.save_steps(session, service_id=card.id, steps=steps, actor=request.actor, now=request.now)


STEPS: Final = PartList(
    tab="steps",
    part="step",
    form=StepForm,
    texts=("title_fa", "title_fa_AF", "agency_fa", "agency_fa_AF"),
    rows=lambda card: card.steps,
    form_of=_step_form,
    kept=_kept_step,
    read=_read_step,
    save=_save_steps,
    line=lambda row: row,
)
