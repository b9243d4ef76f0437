"""Ready-made provinces, and the counties and districts below them; nothing is committed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from desk.language.text import Localised
from desk.offices.models import Area, Province

PROVINCES = {"IR-30": ("البرز", "026"), "IR-23": ("تهران", "021"), "IR-09": ("خراسان رضوی", "051")}


def make_province(session: Session, *, code: str = "IR-30", name: str | None = None) -> Province:
    """The province of this code, made when it is not there."""
    found = session.get(Province, code)
    if found is not None:
        return found
    known, prefix = PROVINCES.get(code, (name or code, None))
    province = Province(code=code, name=Localised({"fa": name or known}), phone_prefix=prefix)
    session.add(province)
    session.add_all(Area(path=path) for path in ("/", f"/{code}/") if session.get(Area, path) is None)
    session.flush()
    return province


def make_area(session: Session, *, path: str, name: str) -> Area:
    """A county or a district of a province that is there."""
    area = Area(path=path, name=Localised({"fa": name}))
    session.add(area)
    session.flush()
    return area
