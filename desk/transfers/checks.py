"""The invariants of transfers: no word is stored by a fast hash, and nothing is given on while that can be stopped."""

from __future__ import annotations

from sqlalchemy import String, bindparam

from desk.identity import IN_USE
from desk.parts import Checks, finds

_STRETCHED = bindparam("stretched", callable_=lambda: f"{IN_USE.now.name}.%.%", type_=String())

CHECKS: Checks = {
    "words_are_stretched": finds(
        "SELECT conversation_id AS chat FROM chat_words WHERE word_hash NOT LIKE :stretched"
    ).bindparams(_STRETCHED),
    # Cases that were to follow have done so when it is settled, and never do when it was stopped.
    "open_transfers_are_not_given_on": finds("""
        SELECT later.id AS transfer FROM transfers later
        JOIN transfers open ON open.target_id = later.source_id AND open.at < later.at
        WHERE open.state = 'open' AND later.way = 'word' AND later.at < open.until
    """),
    "counter_transfers_are_settled": finds(
        "SELECT id AS transfer FROM transfers WHERE way = 'counter' AND state <> 'settled'"
    ),
}
