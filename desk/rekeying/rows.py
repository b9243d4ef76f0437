"""What is left under a key that is not the present one."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class LeftUnder:
    """The numbers of what is left, by column (`table.column`)."""

    encrypted: dict[str, int] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)

    @property
    def values(self) -> int:
        """Encrypted values, and marks that are made anew with them."""
        return sum(self.encrypted.values())

    @property
    def is_nothing(self) -> bool:
        return not self.encrypted and not self.marks
