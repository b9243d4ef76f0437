"""The invariants of signs: a chat is kept for its signs alone, and what was looked at says by whom."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "chat_has_signs": finds("""
        SELECT c.id AS chat FROM chats_with_signs c
        WHERE NOT EXISTS (SELECT 1 FROM chat_signs s WHERE s.chat_id = c.id)
    """),
    "looked_at_by_somebody": finds("""
        SELECT id AS chat FROM chats_with_signs
        WHERE (looked_at IS NULL) <> (judgement IS NULL) OR (looked_at IS NULL) <> (looked_by IS NULL)
    """),
}
