"""What draws hold of people: lists under random ids, which lead to rows that name nobody once a chat is erased."""

from __future__ import annotations

from desk.parts import Kept, Privacy

PRIVACY = Privacy(
    columns={
        "draw_settings.reason": Kept("a reason of the directorate, which is published"),
        "draw_settings.evidence": Kept("counts"),
        "draws.name": Kept("service, province and days"),
        "draws.system_sealed": Kept("a random number; encrypted until its hour"),
        "draws.system_hash": Kept("published"),
        "draws.word_hash": Kept("published"),
        "draws.word": Kept("a word that an office-holder chose to publish"),
        "draws.word_by": Kept("an office-holder, as the history"),
        "draws.prepared_by": Kept("an office-holder, as the history"),
        "draws.figure_name": Kept("a public figure"),
        "draws.figure": Kept("a public figure"),
        "draws.frozen_hash": Kept("published"),
        "draw_figures.staff_id": Kept("an office-holder, as the history"),
        "draw_figures.figure": Kept("a public figure"),
        "draw_groups.office_code": Kept("an office"),
        "draw_entries.public_id": Kept("random, and leads to a row that names nobody any more"),
        "draw_entries.request_id": Kept("leads to a request that names nobody once it is erased"),
        "draw_entries.groups": Kept("which times suit it, in the published list, under a random id"),
        "draw_entries.places": Kept("in the published result, under a random id"),
        "draw_groups.starts": Kept("times of an office"),
        "draw_entries.has_priority": Kept("in the published list, under a random id"),
        "draw_files.body": Kept("published"),
    },
)
