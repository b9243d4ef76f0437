"""The state of one private chat: the person, what was said, the buttons, what is still under way."""

from dataclasses import dataclass, field

from emulator.signals import Signal
from emulator.wire import Json


@dataclass(slots=True)
class Profile:
    """Who a person says they are; `phone` in the form both messengers share it (98912…)."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    phone: str = ""


@dataclass(slots=True)
class Message:
    """One message. `entities` belong to `text`, which is the caption for media; `media` holds the API's own fields."""

    message_id: int
    date: int
    mine: bool
    kind: str = "text"
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    media: Json = field(default_factory=dict)
    markup: Json | None = None
    reply_to: int | None = None
    edited_at: int = 0
    deleted: bool = False
    touched: int = 0
    protected: bool = False


@dataclass(slots=True)
class Query:
    """A button press waiting for its answer. `at` is unix seconds."""

    id: str
    at: float
    message_id: int
    data: str
    answered: bool = False
    text: str = ""
    alert: bool = False
    url: str = ""


class EmulatedChat:
    """A private chat between one person and one bot; the chat id is the person's id, as in both messengers."""

    def __init__(self, *, profile: Profile, bot: str) -> None:
        self.profile = profile
        self.bot = bot
        self.started = False
        self.blocked = False
        self.messages: dict[int, Message] = {}
        self.queries: dict[str, Query] = {}
        self.keyboard: Json | None = None
        self.action = ""
        self.action_until = 0.0
        self.in_flight = 0
        self.unconfirmed: set[int] = set()
        self.waiting_queries: set[str] = set()
        self.last_message_id = 0
        self.touches = 0
        self.touches_at_act = 0
        self.passing_since_act = 0  # passing words, and screens that stood there already
        self.owed = False
        self.signal = Signal()

    @property
    def id(self) -> int:
        """The chat id."""
        return self.profile.id

    def touch(self, message: Message) -> None:
        """Note that the bot sent, edited or deleted `message` now."""
        self.touches += 1
        message.touched = self.touches
        self.signal.changed()

    def act(self) -> None:
        """Note that the person did something now, so an answer is owed."""
        self.touches_at_act = self.touches
        self.passing_since_act = 0
        self.owed = True
        self.signal.changed()

    def visible(self) -> list[Message]:
        """Return the messages that are not deleted, in the order they were sent."""
        return [message for message in self.messages.values() if not message.deleted]

    @property
    def latest(self) -> Message | None:
        """The bot's last message that still stands."""
        return next((message for message in reversed(self.visible()) if not message.mine), None)

    def keyboard_pressed(self) -> None:
        """Hide a one-time reply keyboard."""
        if self.keyboard and self.keyboard.get("one_time_keyboard"):
            self.keyboard = None
