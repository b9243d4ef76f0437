"""A list of parts of a service, such as its papers: one is added, changed, moved or deleted; each saves the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from backoffice.access import require_within
from backoffice.catalogue.services import card_of, may_write
from backoffice.forms.fields import field_named
from backoffice.forms.versions import MEANWHILE, ChangedMeanwhile, EditForm
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.catalogue import actions
from desk.catalogue.refusals import CopyDemanded
from desk.catalogue.rows import PaperInput, PaperRow, ServiceCard, StepInput, StepRow
from desk.catalogue.rules import demands_a_copy
from desk.language.text import Localised, Text, words
from desk.storage.base import ReadSession, WriteSession

_ = words("catalogue")

F = TypeVar("F", bound=EditForm)
R = TypeVar("R", PaperRow, StepRow)
T = TypeVar("T", PaperInput, StepInput)

NEW = 0
"""The number of a part that is not in the list yet."""
NOT_THERE = _("Somebody changed this or took it out meanwhile. Look at the list; saving now adds it as a new line.")


@dataclass(frozen=True, slots=True)
class ShownPart:
    """The values that a part's buttons carry."""

    title: str
    version: str


class NotThePart(Exception):
    """The part is no longer what the page showed; nothing was written."""


@dataclass(frozen=True, slots=True)
class PartList(Generic[F, R, T]):
    """One of the two kinds of parts, with its conversions between row, form and input."""

    tab: str
    """The last part of its address, and its template."""
    part: str
    """The name of one part in the address."""
    form: Callable[..., F]
    texts: tuple[str, ...]
    """The fields whose words may demand a copy."""
    rows: Callable[[ServiceCard], Sequence[R]]
    form_of: Callable[[R], F]
    kept: Callable[[R], T]
    """Converts a row to the input of the action, unchanged."""
    read: Callable[[F, int | None], T]
    """Converts the form to the input of the action; the number is the id of the part it changes."""
    save: Callable[[WriteSession, ServiceCard, list[T], PageRequest], None]
    line: Callable[[R], object]
    """Converts a row to what the page shows."""


def show_parts(session: ReadSession, request: PageRequest, parts: PartList[F, R, T]) -> PageResponse:
    """The list, with the form for one of its parts or for a new one."""
    card = card_of(session, request)
    chosen = next((each for each in parts.rows(card) if each.id == request.query_number(parts.part)), None)
    form = parts.form_of(chosen) if chosen else parts.form()
    return _page(request, parts, card=card, form=form, chosen=chosen.id if chosen else NEW, status=200)


async def save_part(request: PageRequest, backend: Backend, parts: PartList[F, R, T]) -> PageResponse:
    """Write one part; a demand for a copy is refused, with the reason at the field."""
    require_within(request.scope)
    form = parts.form(request.form)
    chosen = request.path[parts.part]
    if form.validate():
        part = parts.read(form, chosen or None)

        def change(session: WriteSession) -> None:
            card = _kept_card(session, request)
            kept = [(each.id, parts.kept(each)) for each in parts.rows(card)]
            whole = _written(kept, number=chosen, part=part, was=_was(request))
            for each in parts.rows(card):
                if each.id == chosen:
                    form.compare(parts.form_of(each))
            parts.save(session, card, whole, request)

        try:
            await backend.write(change)
        except CopyDemanded as refusal:
            _complain(form, refusal, names=parts.texts)
        except NotThePart:
            field_named(form, "title_fa").add_error(NOT_THERE)
            chosen = NEW
        except ChangedMeanwhile:
            pass  # the form shows what has changed
        else:
            return Redirect(to=_address(request, parts.tab), notice="saved")
    card = await backend.read(card_of, request)
    return _page(request, parts, card=card, form=form, chosen=chosen, status=409 if form.changes else 422)


async def move_part(request: PageRequest, backend: Backend, parts: PartList[F, R, T]) -> PageResponse:
    """Move a part up or down, or delete it."""
    require_within(request.scope)
    press = parts.form(request.form)
    number, how = request.path[parts.part], str(request.form.get("how") or "")

    def change(session: WriteSession) -> None:
        card = _kept_card(session, request)
        kept = [(each.id, parts.kept(each)) for each in parts.rows(card)]
        whole = _moved(kept, number=number, how=how, was=_was(request))
        for each in parts.rows(card):
            if each.id == number and how == "out":  # moving needs no check of the texts
                press.compare(parts.form_of(each))
        parts.save(session, card, whole, request)

    try:
        await backend.write(change)
    except NotThePart:
        return Redirect(
            to=_address(request, parts.tab)
        )  # the present list shows what happened; a part that is gone is deleted already
    except ChangedMeanwhile:
        card = await backend.read(card_of, request)
        return _page(request, parts, card=card, form=parts.form(), chosen=NEW, problem=MEANWHILE, status=409)
    return Redirect(to=_address(request, parts.tab), notice="saved")


def _kept_card(session: WriteSession, request: PageRequest) -> ServiceCard:
    """The card of the service, with its parts locked until the transaction ends."""
    actions.keep_parts(session, service_id=request.path["service"])
    return card_of(session, request)


def _complain(form: EditForm, refusal: CopyDemanded, *, names: Sequence[str]) -> None:
    """Put the reason at the field that demands a copy."""
    name = next((name for name in names if demands_a_copy(form[name].data or "")), names[0])
    field_named(form, name).add_error(refused(refusal))


def _written(parts: list[tuple[int, T]], *, number: int, part: T, was: str | None) -> list[T]:
    """The list with `part` in place of the one with this number, or at the end when it is new."""
    if number == NEW:
        whole = [each for _, each in parts]
        whole.append(part)
        return whole
    _find(parts, number=number, was=was)
    return [part if each == number else old for each, old in parts]


def _moved(parts: list[tuple[int, T]], *, number: int, how: str, was: str | None) -> list[T]:
    """The list with this part one place higher or lower, or deleted."""
    place = _find(parts, number=number, was=was)
    rest = [each for _, each in parts]
    part = rest.pop(place)
    if how != "out":
        rest.insert(max(0, place - 1) if how == "up" else place + 1, part)
    return rest


def _find(parts: list[tuple[int, T]], *, number: int, was: str | None) -> int:
    """The index of the part with this id, if it is the one the page showed.

    The id alone does not suffice: the database may reuse that of a deleted part.
    """
    for place, (each, part) in enumerate(parts):
        if each == number and was in (None, title_as_shown(part.title)):
            return place
    if was is None:
        raise OutOfReach
    raise NotThePart


def title_as_shown(title: Localised) -> str:
    """The value by which the page's forms say which part they mean."""
    return " | ".join(title.to_mapping().values())


def _was(request: PageRequest) -> str | None:
    sent = request.form.get("was")
    return None if sent is None else str(sent)


def _page(
    request: PageRequest,
    parts: PartList[F, R, T],
    *,
    card: ServiceCard,
    form: EditForm,
    chosen: int,
    problem: Text | None = None,
    status: int,
) -> PageResponse:
    rows = parts.rows(card)
    shown = {each.id: ShownPart(title_as_shown(each.title), parts.form_of(each).version) for each in rows}
    values: dict[str, Any] = {
        "card": card,
        "form": form,
        "chosen": chosen,
        "may_write": may_write(request),
        "lines": [parts.line(each) for each in rows],
        "shown": shown,
        "was": _was(request) or (shown[chosen].title if chosen in shown else None),
        "problem": problem,
        "tab": parts.tab,
    }
    return Render(template=f"catalogue/{parts.tab}.html", values=values, status=status)


def _address(request: PageRequest, tab: str) -> str:
    return f"/catalogue/{request.path['service']}/{tab}"
