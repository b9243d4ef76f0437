"""Ready-made fees for tests; see `tests.makers` for the rest."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from desk.catalogue.models import Service, ServiceFee
from desk.language.text import Localised
from tests.makers import NOW, TODAY
from tests.makers_areas import make_province


def make_fee(
    session: Session,
    *,
    service: Service,
    rial: int = 270_000,
    province_code: str | None = None,
    valid_from: date = date(2026, 3, 21),
    valid_to: date | None = None,
    confirmed_on: date | None = TODAY,
    source: str = "اطلاعیهٔ آزمون",
    source_date: date | None = date(2026, 3, 21),
) -> ServiceFee:
    """A confirmed fee for the whole country."""
    if province_code is not None:
        make_province(session, code=province_code)
    fee = ServiceFee(
        service_id=service.id,
        province_code=province_code,
        amount_rial=rial,
        valid_from=valid_from,
        valid_to=valid_to,
        source=Localised({"fa": source}),
        source_date=source_date,
        confirmed_on=confirmed_on,
        entered_at=NOW,
    )
    session.add(fee)
    session.flush()
    return fee
