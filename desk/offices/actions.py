"""The action that creates or changes an office."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from desk.acting import Actor, Permission
from desk.events import actions as events
from desk.events.rules import values_of
from desk.language.text import Localised
from desk.offices.codes import hold_codes
from desk.offices.models import Office
from desk.offices.refusals import ChangedFromAbove, OfficeCodeTaken
from desk.offices.rules import FROM_ABOVE, OfficeKind, decides_about, search_words
from desk.organisation import Node, province
from desk.storage.base import WriteSession
from desk.values import GeoPoint, Phone, zone_named

PUBLISHED = (
    *("code", "kind", "province_code", "city", "name", "address", "latitude", "longitude", "phone", "zone"),
    "is_active",
)
"""The values of an office that the history keeps."""


def save_office(
    session: WriteSession,
    *,
    office_id: int | None = None,
    code: str,
    kind: OfficeKind,
    province_code: str,
    city: Localised,
    name: Localised,
    address: Localised | None = None,
    point: GeoPoint | None = None,
    phone: Phone | None = None,
    zone: str = "Asia/Tehran",
    is_active: bool = True,
    actor: Actor,
    now: datetime,
) -> int:
    """Make an office, or change the one of `office_id`; its id is returned. None = not announced.

    Raises OutOfReach, ChangedFromAbove where a value decides about the office and the actor does not stand above it,
    OfficeCodeTaken where another office has the code, LookupError for an office that is not there,
    ZoneInfoNotFoundError for an unknown zone.
    """
    zone_named(zone)
    office = Office() if office_id is None else session.get(Office, office_id)
    if office is None:
        raise LookupError(f"no office {office_id}")
    if office_id is None or office.code != code:
        hold_codes(session)
    rival = session.scalar(select(Office.id).where(Office.code == code, Office.id != (office_id or 0)))
    if rival is not None:
        raise OfficeCodeTaken(office_id=rival)
    if office_id is None or office.province_code != province_code:
        # It may only move to a place where the actor could also create it.
        actor.require(Permission.OFFICES_WRITE, at=province(province_code))
    if office_id is not None:
        actor.require(Permission.OFFICES_WRITE, at=office.node)
        wanted = {"code": code, "kind": kind, "province_code": province_code, "is_active": is_active}
        for field in FROM_ABOVE:
            _require_above(actor, office, field=field, new=wanted[field])
    before = values_of(office, *PUBLISHED) if office_id is not None else None
    office.code, office.kind, office.province_code = code, kind, province_code
    if office_id is None or Node(office.area).province_code != province_code:
        office.area = province(province_code).path
    office.city, office.name, office.address = city, name, address
    office.latitude = point.latitude if point else None
    office.longitude = point.longitude if point else None
    office.phone = phone.e164 if phone else None
    office.zone, office.is_active = zone, is_active
    office.search_words = search_words(code, city, name, address)
    session.add(office)
    session.flush()
    action = "office.create" if office_id is None else "office.update"
    events.note(
        session,
        actor=actor,
        kind=action,
        subject=f"office:{office.id}",
        office_id=office.id,
        old=before,
        new=values_of(office, *PUBLISHED),
        now=now,
    )
    return office.id


def _require_above(actor: Actor, office: Office, *, field: str, new: object) -> None:
    old = getattr(office, field)
    above = decides_about(field, at=office.node, old=old, new=new)
    if old != new and not actor.may(Permission.OFFICES_WRITE, at=above):
        raise ChangedFromAbove(field, above)
