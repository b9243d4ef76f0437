"""A province and an office: where people go and whose staff see what."""

from __future__ import annotations

from sqlalchemy import Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.language.text import Localised
from desk.offices.rules import OfficeKind
from desk.storage.base import Base, Id
from desk.storage.types import LocalisedText, vocabulary


class Province(Base):
    """One of the 31 provinces, by its ISO 3166-2 code such as `IR-30`."""

    __tablename__ = "provinces"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[Localised] = mapped_column(LocalisedText)
    phone_prefix: Mapped[str | None] = mapped_column(String(3))


class Office(Base):
    """A counter office; `code` is printed on its sign and receipts. None = not announced."""

    __tablename__ = "offices"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[OfficeKind] = mapped_column(vocabulary(OfficeKind, name="kind"))
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"), index=True)
    city: Mapped[Localised] = mapped_column(LocalisedText)
    name: Mapped[Localised] = mapped_column(LocalisedText)
    address: Mapped[Localised | None] = mapped_column(LocalisedText)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    phone: Mapped[str | None] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(40), default="Asia/Tehran")
    is_active: Mapped[bool] = mapped_column(default=True)
    search_words: Mapped[str] = mapped_column(String(600), default="")
    """Folded code, city, name and address: what a search looks through."""
