"""The invariants of messages: each has a consistent state, and one that was given up has a reason."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "outbox_state": finds("""
        SELECT id AS message, state FROM outbox_messages
        WHERE (is_open AND state NOT IN ('open', 'claimed')) OR (NOT is_open AND state IN ('open', 'claimed'))
           OR (state = 'claimed' AND lease_until IS NULL) OR (state = 'sent' AND sent_at IS NULL)
           OR (state = 'dead' AND reason IS NULL)
    """),
    "unique_message_keys": finds("""
        SELECT 'idem_key' AS what, count(*) AS n FROM outbox_messages GROUP BY idem_key HAVING count(*) > 1
    """),
}
