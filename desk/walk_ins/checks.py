"""The invariants of slips: what is tied has a chat, and what is open has none.

That the hash of a secret is gone once it has tied is a constraint of the table.
"""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    # Whose it was is erased some time after its day; the slip is deleted before that, or with it.
    "tied_slip_of_a_chat": finds("""
        SELECT s.appointment_id AS appointment FROM walk_in_slips s JOIN appointments a ON a.id = s.appointment_id
        WHERE s.tied_at IS NOT NULL AND a.is_live AND a.conversation_id IS NULL
    """),
    "open_slip_of_no_chat": finds("""
        SELECT s.appointment_id AS appointment FROM walk_in_slips s JOIN appointments a ON a.id = s.appointment_id
        WHERE s.mark IS NOT NULL AND a.conversation_id IS NOT NULL
    """),
}
