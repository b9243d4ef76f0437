"""Reading draws: the settings, the draws of a service, and what became of one request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.capacity.models import Queue
from desk.draws.models import Draw, DrawEntry, DrawFigure, DrawFile, DrawSetting
from desk.draws.rows import DrawRow, DrawRules, SettingRow, UnreachedWinner, WhereRow
from desk.draws.rules import LIVE_DRAWS, PUBLISHED, DrawState
from desk.offices.models import Office
from desk.offices.reach import offices_within
from desk.organisation import Scope
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of
from desk.waiting.models import Offer, OfferRound, StandingRequest

draws, entries, settings, _files = (table_of(model) for model in (Draw, DrawEntry, DrawSetting, DrawFile))
_figures = table_of(DrawFigure)
_requests, _offers, _rounds = table_of(StandingRequest), table_of(Offer), table_of(OfferRound)
_queues, _offices = table_of(Queue), table_of(Office)

DRAWS = select(*columns_for(DrawRow, *(draws.c[name] for name in DrawRow.__dataclass_fields__)))
_ONE = DRAWS.where(draws.c.id == bindparam("draw"))
_OF_SERVICE = DRAWS.where(
    draws.c.service_id == bindparam("service"), draws.c.province_code == bindparam("province")
).order_by(draws.c.first_day.desc(), draws.c.id.desc())
SETTINGS = select(
    *settings.c[
        "service_id",
        "province_code",
        "is_drawn",
        "publish_at",
        "days_ahead",
        "confirm_minutes",
        "priority_share",
        "reason",
        "evidence",
    ]
).order_by(settings.c.service_id, settings.c.province_code)
_WHERE = select(
    *entries.c["public_id", "request_id", "lots", "position", "places", "is_asked", "is_told"], draws.c.state
).join_from(entries, draws, draws.c.id == entries.c.draw_id)


def draw_of(session: Session, *, draw_id: int) -> DrawRow | None:
    """The draw of this id."""
    found = session.execute(_ONE, {"draw": draw_id}).one_or_none()
    return None if found is None else DrawRow(**found._mapping)


def draws_of(session: Session, *, service_id: int, province_code: str) -> list[DrawRow]:
    """The draws of a service in a province, latest days first."""
    found = session.execute(_OF_SERVICE, {"service": service_id, "province": province_code})
    return [DrawRow(**row._mapping) for row in found]


def all_draws(session: Session, *, announced_only: bool = False, limit: int = 100) -> list[DrawRow]:
    """The latest draws of the country."""
    found = DRAWS.order_by(draws.c.drawn_at.desc(), draws.c.id.desc()).limit(limit)
    if announced_only:
        found = found.where(draws.c.state != DrawState.DRAFT)
    return [DrawRow(**row._mapping) for row in session.execute(found)]


def next_draw(session: Session, *, service_id: int, province_codes: Sequence[str], now: datetime) -> DrawRow | None:
    """The announced draw, of these provinces, whose list closes next."""
    found = session.execute(
        DRAWS.where(
            draws.c.service_id == service_id,
            draws.c.province_code.in_(province_codes),
            draws.c.state == DrawState.OPEN,
            draws.c.closes_at > now,
        )
        .order_by(draws.c.closes_at, draws.c.id)
        .limit(1)
    ).one_or_none()
    return None if found is None else DrawRow(**found._mapping)


def live_draws(session: Session, *, service_id: int, province_code: str) -> list[DrawRow]:
    """The announced draws that are not over, by their days."""
    found = session.execute(
        DRAWS.where(
            draws.c.service_id == service_id,
            draws.c.province_code == province_code,
            draws.c.state.in_(LIVE_DRAWS),
        ).order_by(draws.c.first_day, draws.c.id)
    )
    return [DrawRow(**row._mapping) for row in found]


def setting(session: Session, *, service_id: int, province_code: str) -> SettingRow | None:
    """How the service is drawn in the province; None = nobody has set it."""
    of = (settings.c.service_id == service_id, settings.c.province_code == province_code)
    found = session.execute(SETTINGS.where(*of)).one_or_none()
    return None if found is None else setting_of(found)


def all_settings(session: Session) -> list[SettingRow]:
    """All settings of the country."""
    return [setting_of(row) for row in session.execute(SETTINGS)]


def where_was(session: Session, *, draw_id: int, public_id: str) -> WhereRow | None:
    """What became of this request in the draw; None = it is not in its list."""
    of = (entries.c.draw_id == draw_id, entries.c.public_id == public_id)
    return next(iter(_where(session.execute(_WHERE.where(*of)).all())), None)


def draws_of_request(session: Session, *, request_id: int) -> list[tuple[int, WhereRow]]:
    """The draws in whose lists a request stands, latest first, and what became of it there."""
    found = session.execute(
        _WHERE.add_columns(entries.c.draw_id)
        .where(entries.c.request_id == request_id)
        .order_by(draws.c.drawn_at.desc(), draws.c.id.desc())
    ).all()
    return list(zip([row.draw_id for row in found], _where(found), strict=True))


def typed_figures(session: Session, *, draw_id: int) -> dict[int, str]:
    """The figure as each person typed it, by their ids."""
    found = select(*_figures.c["staff_id", "figure"]).where(_figures.c.draw_id == draw_id)
    return {row.staff_id: row.figure for row in session.execute(found.order_by(_figures.c.typed_at))}


def file_of(session: Session, *, draw_id: int) -> bytes | None:
    """The published file, packed by gzip; None before the result is visible."""
    return session.scalar(select(_files.c.body).where(_files.c.draw_id == draw_id))


def unreached_winners(
    session: Session, *, scope: Scope, office_id: int | None = None, limit: int = 200
) -> list[UnreachedWinner]:
    """Requests that were drawn a place at offices within `scope`, or at this one, whose message has not arrived."""
    wanted = (
        select(
            _offers.c.id.label("offer_id"),
            *_requests.c["public_id", "people"],
            *_rounds.c["draw_id", "starts_at"],
            _offers.c.deliver_by,
        )
        .join_from(_offers, _rounds, _rounds.c.id == _offers.c.round_id)
        .join(_requests, _requests.c.id == _offers.c.request_id)
        .join(_queues, _queues.c.id == _rounds.c.queue_id)
        .join(_offices, _offices.c.id == _queues.c.office_id)
        .where(
            _offers.c.is_live,
            _offers.c.delivered_at.is_(None),
            _rounds.c.draw_id.is_not(None),
            offices_within(scope, _offices),
        )
        .order_by(_offers.c.deliver_by, _offers.c.id)
        .limit(limit)
    )
    if office_id is not None:
        wanted = wanted.where(_offices.c.id == office_id)
    return [UnreachedWinner(**row._mapping) for row in session.execute(wanted)]


def setting_of(row: Any) -> SettingRow:
    """A setting from a row of its columns."""
    return SettingRow(
        service_id=row.service_id,
        province_code=row.province_code,
        is_drawn=row.is_drawn,
        rules=DrawRules(
            publish_at=row.publish_at,
            days_ahead=row.days_ahead,
            confirm_minutes=row.confirm_minutes,
            priority_share=row.priority_share,
        ),
        reason=row.reason,
        evidence=row.evidence or {},
    )


def _where(found: Sequence[Any]) -> list[WhereRow]:
    return [
        WhereRow(
            public_id=row.public_id,
            request_id=row.request_id,
            lots=row.lots,
            position=row.position if row.state in PUBLISHED else None,
            is_drawn=row.state in PUBLISHED and row.places is not None,
            is_taken_away=row.places is not None and row.is_told and not row.is_asked,
            is_next=row.state is DrawState.DRAWN and not row.is_asked and (row.places is None or row.is_told),
        )
        for row in found
    ]
