"""The organisation as a tree (nation, province, county, district, office), its nodes, and scopes over them.

A node is written as its path: `/` is the nation, `/IR-30/` a province, `/IR-30/01/` a county, `/IR-30/01/02/` a
district, and `@7/` at the end is the office of that id. Every path that begins with a node's path lies below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

OFFICE_SIGN = "@"
LONGEST_PATH = 60
"""The longest path of an area in letters."""
_AREA = re.compile(r"/([A-Za-z0-9-]+/){0,3}")
_NODE = re.compile(_AREA.pattern + rf"({OFFICE_SIGN}[0-9]+/)?")


class Level(StrEnum):
    """The kinds of nodes, from the top down."""

    NATION = "nation"
    PROVINCE = "province"
    COUNTY = "county"
    DISTRICT = "district"
    OFFICE = "office"


_AREAS = (Level.NATION, Level.PROVINCE, Level.COUNTY, Level.DISTRICT)


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """One node of the tree by its path.

    Raises:
        ValueError: the text is no path.
    """

    path: str

    def __post_init__(self) -> None:
        if _NODE.fullmatch(self.path) is None:
            raise ValueError(f"{self.path!r} leads to no node")

    def covers(self, other: Node) -> bool:
        """Whether `other` is this node or lies below it."""
        return other.path.startswith(self.path)

    @property
    def _parts(self) -> list[str]:
        return self.path.split("/")[1:-1]

    @property
    def level(self) -> Level:
        """What kind of node it is."""
        return Level.OFFICE if OFFICE_SIGN in self.path else _AREAS[len(self._parts)]

    @property
    def area(self) -> Node:
        """The node itself; of an office the area it lies in."""
        return self if OFFICE_SIGN not in self.path else Node(self.path.partition(OFFICE_SIGN)[0])

    @property
    def areas(self) -> list[str]:
        """The paths of the area it is or lies in and of all above it, the nation first."""
        parts = self.area.path.split("/")[:-1]
        return ["/".join(parts[:number]) + "/" for number in range(1, len(parts) + 1)]

    @property
    def office_id(self) -> int | None:
        """The office it is, or None for an area."""
        id = self.path.partition(OFFICE_SIGN)[2].rstrip("/")
        return int(id) if id else None

    @property
    def province_code(self) -> str | None:
        """The province it is or lies in; None for the nation."""
        return next(iter(self._parts), None)


NATION = Node("/")


def province(code: str) -> Node:
    """The node of a province by its code, such as `IR-30`."""
    return Node(f"/{code}/")


def office(id: int, *, area: str) -> Node:
    """The node of an office in the area of this path."""
    return Node(f"{area}{OFFICE_SIGN}{id}/")


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of nodes with all that lies below them; without nodes, nothing.

    A node is kept beside another that covers it: a role at an office stays a role at that office.
    """

    nodes: frozenset[Node] = frozenset()

    @classmethod
    def of(cls, *nodes: Node) -> Scope:
        """The scope of these nodes."""
        return cls(frozenset(nodes))

    def covers(self, at: Node) -> bool:
        """Whether it covers that node."""
        return any(node.covers(at) for node in self.nodes)

    def __or__(self, other: Scope) -> Scope:
        return Scope(self.nodes | other.nodes)

    def __bool__(self) -> bool:
        return bool(self.nodes)

    @property
    def is_national(self) -> bool:
        """Whether it covers everything."""
        return NATION in self.nodes

    @property
    def areas(self) -> tuple[str, ...]:
        """The paths of its areas, in order."""
        return tuple(sorted(node.path for node in self.nodes if node.office_id is None))

    @property
    def provinces(self) -> frozenset[str]:
        """The codes of the provinces among its nodes."""
        return frozenset(node.province_code or "" for node in self.nodes if node.level is Level.PROVINCE)

    @property
    def offices(self) -> frozenset[int]:
        """The ids of the offices among its nodes."""
        return frozenset(node.office_id for node in self.nodes if node.office_id is not None)


NOWHERE = Scope()
EVERYWHERE = Scope.of(NATION)
