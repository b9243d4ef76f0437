"""The two dialects of the Bot API, as data: what Telegram and Bale support, limit, leave out and say."""

from dataclasses import dataclass, field

from emulator.pacing import Limits

TELEGRAM_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
BALE_ACTIONS = frozenset(
    ["typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "choose_sticker"]
)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Which optional fields are left out of updates: 0 = never, 1 = always, n = in every n-th update."""

    chat_instance: int = 0
    chat_type: int = 0
    is_bot: int = 0
    first_name: int = 0
    voice_duration: int = 0
    message_date: int = 0
    callback_message_date: int = 0
    file_unique_id: int = 0
    callback_id_as_number: int = 0
    explicit_nulls: int = 0
    edit_stub_without_chat: bool = False
    numeric_json_chat_is_404: bool = False


NO_GAPS = Gaps()
REALISTIC = Gaps(chat_instance=1, chat_type=7, is_bot=5, voice_duration=1, explicit_nulls=4)
HARSH = Gaps(
    chat_instance=1, chat_type=2, is_bot=2, first_name=3, voice_duration=1, message_date=5, callback_message_date=3,
    file_unique_id=1, callback_id_as_number=3, explicit_nulls=2, edit_stub_without_chat=True,
    numeric_json_chat_is_404=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialect:
    """One messenger. Limits: text in UTF-16 units, sizes in bytes. The values are those of the messengers'
    documentation and of trials."""

    name: str
    gaps: Gaps = NO_GAPS
    text_limit: int = 4096
    caption_limit: int = 1024
    photo_limit: int = 10 * 1024 * 1024
    upload_limit: int = 50 * 1024 * 1024
    download_limit: int = 20 * 1024 * 1024
    query_lifetime: float = 900.0
    always_markdown: bool = False
    message_ids_per_chat: bool = False
    edit_answers_stub: bool = False
    has_secret_header: bool = True
    has_reply_parameters: bool = True
    has_member_updates: bool = True
    names_albums: bool = True
    copy_text: bool = True
    button_styles: bool = True
    reject_unknown_button_fields: bool = False
    reject_attach_links: bool = False
    reject_native_media_array: bool = False
    one_poller: bool = True
    drops_pending: bool = True
    bad_token_status: int = 401
    actions: frozenset[str] = TELEGRAM_ACTIONS
    missing: frozenset[str] = field(default_factory=frozenset)
    unimplemented: frozenset[str] = field(default_factory=frozenset)
    limits: Limits | None = None


TELEGRAM = Dialect(name="telegram")
BALE = Dialect(
    name="bale",
    gaps=REALISTIC,
    caption_limit=4096,
    always_markdown=True,
    message_ids_per_chat=True,
    edit_answers_stub=True,
    has_secret_header=False,
    has_reply_parameters=False,
    has_member_updates=False,
    names_albums=False,
    copy_text=False,
    button_styles=False,
    reject_attach_links=True,
    reject_native_media_array=True,
    one_poller=False,
    drops_pending=False,
    bad_token_status=403,
    actions=BALE_ACTIONS,
    missing=frozenset({"sendvenue", "setmessagereaction", "sendpoll", "senddice", "sendmessagedraft"}),
    unimplemented=frozenset({"setmyname", "setmydescription", "setmyshortdescription"}),
)
DIALECTS = {"telegram": TELEGRAM, "bale": BALE}
