"""What a chat may read of records: what was looked up about its people."""

from __future__ import annotations

from desk.conversations.chat import Chat
from desk.records.queries import inquiry_of_chat
from desk.records.rows import InquiryRow


def inquiry(chat: Chat, inquiry_id: int) -> InquiryRow | None:
    """An inquiry about an appointment of this chat; None for anybody else's."""
    return inquiry_of_chat(chat.session, inquiry_id=inquiry_id, conversation_id=chat.conversation.id)
