"""Draws and their settings as lists show them: with the names of the service, the province and the office-holders."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, bindparam, or_, select, union
from sqlalchemy.orm import Session

from desk.capacity.bookable import drawn
from desk.catalogue.models import Service
from desk.draws.models import DrawFigure
from desk.draws.queries import DRAWS, SETTINGS, draws, setting_of, settings
from desk.draws.rows import DrawRow, SettingRow
from desk.draws.rules import DrawState
from desk.language.text import Localised
from desk.offices.models import Province
from desk.staff.models import StaffMember
from desk.storage.upsert import table_of

_services, _provinces, _staff = table_of(Service), table_of(Province), table_of(StaffMember)
_figures = table_of(DrawFigure)
_NAMES = (_services.c.short_title, _provinces.c.name.label("province"))
_DRAWS = (
    DRAWS.add_columns(*_NAMES)
    .join(_services, _services.c.id == draws.c.service_id)
    .join(_provinces, _provinces.c.code == draws.c.province_code)
)
_ONE = _DRAWS.where(draws.c.id == bindparam("draw"))
_LATEST = _DRAWS.order_by(draws.c.drawn_at.desc(), draws.c.id.desc()).limit(bindparam("most"))
_SETTINGS = (
    SETTINGS.add_columns(*_NAMES, drawn.c.last_open_day)
    .join(_services, _services.c.id == settings.c.service_id)
    .join(_provinces, _provinces.c.code == settings.c.province_code)
    .outerjoin(
        drawn,
        and_(drawn.c.service_id == settings.c.service_id, drawn.c.province_code == settings.c.province_code),
    )
)
_PLACE = (
    select(*_NAMES, _services.c.is_bookable)
    .join_from(_services, _provinces, _provinces.c.code == bindparam("province"))
    .where(_services.c.id == bindparam("service"))
)
_TYPED = (
    select(_figures.c.staff_id, _staff.c.name, _figures.c.figure)
    .join_from(_figures, _staff, _staff.c.id == _figures.c.staff_id)
    .where(_figures.c.draw_id == bindparam("draw"))
    .order_by(_figures.c.typed_at)
)
_ACTED = union(
    *(
        select(_staff.c.id, _staff.c.name)
        .join_from(draws, _staff, _staff.c.id == column)
        .where(draws.c.id == bindparam("draw"))
        for column in (draws.c.prepared_by, draws.c.word_by)
    )
)


@dataclass(frozen=True, slots=True)
class DrawLine:
    """A draw with the names of its service and province."""

    draw: DrawRow
    service: Localised
    province: Localised


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting with the names; `last_open` = the last day whose places are open, None = all are."""

    setting: SettingRow
    service: Localised
    province: Localised
    last_open: date | None


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """The public figure as one member of staff typed it."""

    staff_id: int
    name: str
    figure: str


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """The names of a service and a province."""

    service: Localised
    province: Localised
    is_bookable: bool


def draw_lines(session: Session, *, drafts_of: Collection[str] | None = (), limit: int = 100) -> list[DrawLine]:
    """The latest draws; those that are still being prepared only of these provinces, None = of all."""
    found = _LATEST
    if drafts_of is not None:
        found = found.where(or_(draws.c.state != DrawState.DRAFT, draws.c.province_code.in_(drafts_of)))
    return [_line(row._asdict()) for row in session.execute(found, {"most": limit})]


def draw_line(session: Session, *, draw_id: int) -> DrawLine | None:
    """The draw of this id with its names."""
    found = session.execute(_ONE, {"draw": draw_id}).one_or_none()
    return None if found is None else _line(found._asdict())


def setting_lines(session: Session) -> list[SettingLine]:
    """All settings of the country with their names."""
    return [
        SettingLine(setting_of(row), row.short_title, row.province, row.last_open_day)
        for row in session.execute(_SETTINGS)
    ]


def place_names(session: Session, *, service_id: int, province_code: str) -> PlaceNames | None:
    """The names of a service and a province; None where one of them does not exist."""
    found = session.execute(_PLACE, {"service": service_id, "province": province_code}).one_or_none()
    return None if found is None else PlaceNames(*found)


def figures_typed(session: Session, *, draw_id: int) -> list[TypedFigure]:
    """The figure as each person typed it, in the order of typing."""
    return [TypedFigure(*row) for row in session.execute(_TYPED, {"draw": draw_id})]


def names_of_holders(session: Session, *, draw_id: int) -> dict[int, str]:
    """The names of who prepared the draw and of who committed to the word, by their ids."""
    return {row.id: row.name for row in session.execute(_ACTED, {"draw": draw_id})}


def _line(values: dict[str, object]) -> DrawLine:
    service, province = values.pop("short_title"), values.pop("province")
    return DrawLine(DrawRow(**values), service, province)  # type: ignore[arg-type]  # the columns are the row's fields
