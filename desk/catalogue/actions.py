"""The actions on the catalogue: services, their papers and steps; each checks authority and writes the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as fields_of
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select

from desk.acting import Actor, Permission
from desk.catalogue.models import Service, ServicePaper, ServiceStep
from desk.catalogue.refusals import (
    CopyDemanded,
    IrreversibleNotBookable,
    NoSuchOpening,
    NoSuchQuestion,
    ServiceCodeTaken,
    ShortTitleTooLong,
)
from desk.catalogue.rows import PaperInput, ServiceFields, StepInput
from desk.catalogue.rules import (
    ASKS_EARLIEST,
    ASKS_LATEST,
    MINUTES_OF_A_DAY,
    MOST_DAYS_AHEAD,
    SHORT_TITLE_LETTERS,
    demands_a_copy,
)
from desk.events import actions as events
from desk.events.rules import values_of
from desk.language.text import Localised
from desk.organisation import NATION
from desk.reading.folding import fold
from desk.refusals import whole
from desk.storage.base import WriteSession

Part = TypeVar("Part", ServicePaper, ServiceStep)
Entered = TypeVar("Entered", PaperInput, StepInput)


def save_service(
    session: WriteSession, *, service_id: int | None = None, fields: ServiceFields, actor: Actor, now: datetime
) -> int:
    """Make a service, or change the one of `service_id`; returns its id.

    Raises ServiceCodeTaken, ShortTitleTooLong, IrreversibleNotBookable, NoSuchOpening, NoSuchQuestion,
    CopyDemanded; LookupError for an unknown id.
    """
    actor.require(Permission.CATALOGUE_WRITE, at=NATION)
    rival = session.scalar(select(Service.id).where(Service.code == fields.code, Service.id != (service_id or 0)))
    if rival is not None:
        raise ServiceCodeTaken(service_id=rival)
    longest = max((len(wording) for wording in fields.short_title.to_mapping().values()), default=0)
    if longest > SHORT_TITLE_LETTERS:
        raise ShortTitleTooLong(letters=longest, most=SHORT_TITLE_LETTERS)
    if fields.is_irreversible and fields.is_bookable:
        raise IrreversibleNotBookable
    if fields.days_ahead is not None and not 1 <= fields.days_ahead <= MOST_DAYS_AHEAD:
        raise NoSuchOpening("days_ahead")
    if fields.opens_at is not None and fields.days_ahead is None:  # the days are what is missing
        raise NoSuchOpening("days_ahead")
    if fields.opens_at is not None and not 0 <= fields.opens_at < MINUTES_OF_A_DAY:
        raise NoSuchOpening("opens_at")
    asks = fields.asks_days_before
    if asks is not None and not (fields.is_bookable and ASKS_EARLIEST >= asks >= ASKS_LATEST):
        raise NoSuchQuestion
    # Keywords are for the search and are not shown, so a copy may be named in them.
    refuse_copies(*(getattr(fields, field.name) for field in fields_of(fields) if field.name != "keywords"))
    service = Service() if service_id is None else session.get(Service, service_id)
    if service is None:
        raise LookupError(f"no service {service_id}")
    told = [field.name for field in fields_of(fields) if field.name not in UNTOLD]
    before = values_of(service, *told) if service_id is not None else None
    untold = {name: getattr(service, name) for name in UNTOLD}
    for field in fields_of(fields):
        setattr(service, field.name, getattr(fields, field.name))
    service.official_form = dict(fields.official_form)
    service.keywords = whole(fold(fields.keywords), most=400)
    service.changed_at = now
    session.add(service)
    session.flush()
    events.note(
        session,
        actor=actor,
        kind="service.create" if service_id is None else "service.update",
        subject=f"service:{service.id}",
        old=before,
        new=values_of(service, *told),
        data={
            name: "changed" for name, before in untold.items() if (before or None) != (getattr(service, name) or None)
        },
        now=now,
    )
    return service.id


UNTOLD = ("official_form", "travel_kinds")
"""Of these the history says only that they were changed."""
PAPER = ("title", "note", "document_kind", "is_optional")
STEP = ("title", "agency", "is_inquiry")


def keep_parts(session: WriteSession, *, service_id: int) -> None:
    """Lock the fees, papers and steps of this service until the transaction ends.

    Call it before reading a list that is saved after a change; otherwise one of two concurrent changes is lost.
    """
    session.execute(select(Service.id).where(Service.id == service_id).with_for_update())


def save_papers(
    session: WriteSession, *, service_id: int, papers: Sequence[PaperInput], actor: Actor, now: datetime
) -> None:
    """Make these the papers of a service, in this order; entries with an id keep it, rows that are left out are
    deleted.

    Raises CopyDemanded where a text demands a copy, and LookupError for an unknown id.
    """
    actor.require(Permission.CATALOGUE_WRITE, at=NATION)
    for paper in papers:
        refuse_copies(paper.title, paper.note)
    keep_parts(session, service_id=service_id)
    there = session.scalars(
        select(ServicePaper).where(ServicePaper.service_id == service_id).order_by(ServicePaper.position)
    ).all()
    before = [values_of(row, *PAPER) for row in there]
    rows = _matched(session, there, papers)
    for position, (paper, found) in enumerate(rows, start=1):
        row = found or ServicePaper(service_id=service_id)
        row.position, row.title, row.note = position, paper.title, paper.note
        row.document_kind, row.is_optional = paper.document_kind, paper.is_optional
        session.add(row)
    session.flush()
    after = [values_of(paper, *PAPER) for paper in papers]
    _note_parts(session, "papers.save", service_id=service_id, before=before, after=after, actor=actor, now=now)


def save_steps(
    session: WriteSession, *, service_id: int, steps: Sequence[StepInput], actor: Actor, now: datetime
) -> None:
    """Make these the steps of a service, in this order, as `save_papers` does; raises CopyDemanded, LookupError."""
    actor.require(Permission.CATALOGUE_WRITE, at=NATION)
    for step in steps:
        refuse_copies(step.title, step.agency)
    keep_parts(session, service_id=service_id)
    there = session.scalars(
        select(ServiceStep).where(ServiceStep.service_id == service_id).order_by(ServiceStep.position)
    ).all()
    before = [values_of(row, *STEP) for row in there]
    rows = _matched(session, there, steps)
    for position, (step, found) in enumerate(rows, start=1):
        row = found or ServiceStep(service_id=service_id)
        row.position, row.title = position, step.title
        row.agency, row.is_inquiry = step.agency, step.is_inquiry
        session.add(row)
    session.flush()
    after = [values_of(step, *STEP) for step in steps]
    _note_parts(session, "steps.save", service_id=service_id, before=before, after=after, actor=actor, now=now)


def _note_parts(
    session: WriteSession,
    kind: str,
    *,
    service_id: int,
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
    actor: Actor,
    now: datetime,
) -> None:
    """Note the titles before and after; of the values below the same titles only that they were changed."""
    name, _dot, _verb = kind.partition(".")
    old, new = ([each["title"] for each in parts] for parts in (before, after))
    events.note(
        session,
        actor=actor,
        kind=kind,
        subject=f"service:{service_id}",
        old={name: old},
        new={name: new},
        data={name: "changed"} if old == new and before != after else None,
        now=now,
    )


def _matched(
    session: WriteSession, there: Iterable[Part], entered: Sequence[Entered]
) -> list[tuple[Entered, Part | None]]:
    """Pair each entered part with the row it changes (None = a new one), and delete the other rows."""
    rest = {row.id: row for row in there}
    found: dict[int, Part] = {}
    for place, each in enumerate(entered):
        if each.id is not None:
            row = rest.pop(each.id, None)
            if row is None:
                raise LookupError(f"no part {each.id}")
            found[place] = row
    for place, each in enumerate(entered):
        same = next((row for row in rest.values() if each.id is None and row.title == each.title), None)
        if same is not None:
            found[place] = rest.pop(same.id)
    for row in rest.values():
        session.delete(row)
    return [(each, found.get(place)) for place, each in enumerate(entered)]


def refuse_copies(*values: object) -> None:
    """Raise CopyDemanded for a demand for a copy in any of these texts, also within lists and mappings."""
    for value in values:
        match value:
            case str() if demands_a_copy(value):
                raise CopyDemanded(text=value)
            case Localised():
                refuse_copies(*value.to_mapping().values())
            case Mapping():
                refuse_copies(*value.values())
            case list() | tuple():
                refuse_copies(*value)
