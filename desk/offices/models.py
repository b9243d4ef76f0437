"""The tables of provinces, areas and offices, and of what an office says that it has for those who wish for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, SmallInteger, String
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from desk.language.text import Localised
from desk.offices.rules import OfficeKind
from desk.organisation import LONGEST_PATH, Node, office, province
from desk.storage.base import Base, Id
from desk.storage.types import LocalisedText, sort_key, vocabulary


class Province(Base):
    """One of the 31 provinces, by its ISO 3166-2 code such as `IR-30`."""

    __tablename__ = "provinces"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[Localised] = mapped_column(LocalisedText)
    phone_prefix: Mapped[str | None] = mapped_column(String(3))


class Area(Base):
    """A node of the organisation above the offices: the nation, a province, a county or a district
    (`desk.organisation`)."""

    __tablename__ = "areas"

    path: Mapped[str] = mapped_column(sort_key(LONGEST_PATH), primary_key=True)
    name: Mapped[Localised | None] = mapped_column(LocalisedText)
    """The name of a county or district; the nation needs none, and a province has its own."""


def _whole_province(context: DefaultExecutionContext) -> str:
    given: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    return province(given["province_code"]).path


class Office(Base):
    """A counter office; `code` is printed on its sign and receipts. None = not announced."""

    __tablename__ = "offices"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[OfficeKind] = mapped_column(vocabulary(OfficeKind, name="kind"))
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"), index=True)
    area: Mapped[str] = mapped_column(sort_key(LONGEST_PATH), index=True, default=_whole_province)
    """The path of its area: its province, or a county or district of it."""
    city: Mapped[Localised] = mapped_column(LocalisedText)
    name: Mapped[Localised] = mapped_column(LocalisedText)
    address: Mapped[Localised | None] = mapped_column(LocalisedText)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    phone: Mapped[str | None] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(40), default="Asia/Tehran")
    is_active: Mapped[bool] = mapped_column(default=True)
    search_words: Mapped[str] = mapped_column(String(600), default="")
    """Folded code, city, name and address, which a search compares."""

    @property
    def node(self) -> Node:
        """Its node in the organisation; only after it is stored."""
        return office(self.id, area=self.area)


class OfficeAssistance(Base):
    """On which weekdays an office has what people may wish for (`calendar.weekday_bits`); None = not announced."""

    __tablename__ = "office_assistance"
    __table_args__ = (
        CheckConstraint("woman_clerk BETWEEN 0 AND 127", name="woman_clerk"),
        CheckConstraint("pashto BETWEEN 0 AND 127", name="pashto"),
        CheckConstraint("arabic BETWEEN 0 AND 127", name="arabic"),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    woman_clerk: Mapped[int | None] = mapped_column(SmallInteger)
    pashto: Mapped[int | None] = mapped_column(SmallInteger)
    arabic: Mapped[int | None] = mapped_column(SmallInteger)
