"""The invariants of connected chats: each has the other, and nothing is told in one instead of a stranger's."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "connected_both_ways": finds("""
        SELECT one.conversation_id AS chat FROM other_chats one WHERE NOT EXISTS (
            SELECT 1 FROM other_chats other
            WHERE other.conversation_id = one.other_id AND other.other_id = one.conversation_id
        )
    """),
    # One that was told already stays where it was told, also when the two are no longer connected.
    "told_only_in_the_other_chat": finds("""
        SELECT m.id AS message FROM outbox_messages m
        WHERE m.instead_of IS NOT NULL AND (m.about IS NULL OR m.is_open AND NOT EXISTS (
            SELECT 1 FROM other_chats o WHERE o.conversation_id = m.instead_of AND o.other_id = m.conversation_id
        ))
    """),
}
