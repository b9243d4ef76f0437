"""What links hold of people: which two counts were asked about, which name nobody once they are erased."""

from __future__ import annotations

from desk.parts import Kept, Privacy

PRIVACY = Privacy(
    columns={
        "appointment_choices.earlier_id": Kept("an appointment, which names nobody any more"),
        "appointment_choices.later_id": Kept("an appointment, which names nobody any more"),
        "appointment_choices.link_id": Kept("a link, which holds nothing of anybody"),
    }
)
