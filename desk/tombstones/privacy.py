"""What tombstones hold of people: a keyed hash of an id that is no longer there."""

from __future__ import annotations

from desk.parts import Kept, Privacy

_HASHED = Kept("a keyed hash of the id of something that was erased; deleted once the file has it, within a minute")

PRIVACY = Privacy(
    columns={
        "tombstones.key_name": Kept("the name of a key"),
        "tombstones.mark": _HASHED,
        "tombstone_file.chain": Kept("a hash over the lines of a file"),
    }
)
