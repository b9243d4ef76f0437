"""The record of everything a bot did: every call in order with its time, and every rule it broke."""

from collections import deque
from dataclasses import asdict, dataclass

from emulator.wire import Json


@dataclass(slots=True)
class Call:
    """One Bot API call. `seq` rises by one per call in order of arrival; `at` and `ended` are unix seconds."""

    seq: int
    at: float
    bot: str
    dialect: str
    method: str
    params: Json
    chat_id: int | None = None
    status: int = 0
    ok: bool = False
    error: str = ""
    ended: float = 0.0
    message_id: int | None = None
    fault: str = ""

    def as_json(self) -> Json:
        """Return the call for the control API."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of the messenger that the bot broke. `rejected` is False where the messenger puts up with it."""

    seq: int
    bot: str
    dialect: str
    method: str
    params: Json
    why: str
    rejected: bool = True

    def as_json(self) -> Json:
        """Return the violation for the control API."""
        return asdict(self)


class Journal:
    """Calls and violations, kept whole or capped to the newest `cap` entries (0 keeps only the counters)."""

    def __init__(self, *, cap: int | None = None) -> None:
        self.calls: deque[Call] = deque(maxlen=cap)
        self.violations: deque[Violation] = deque(maxlen=cap or 10_000)
        self.count = 0

    def begin(self, *, at: float, bot: str, dialect: str, method: str, params: Json) -> Call:
        """Record that a call has arrived."""
        self.count += 1
        call = Call(seq=self.count, at=at, bot=bot, dialect=dialect, method=method, params=params)
        self.calls.append(call)
        return call

    def broke(self, call: Call, why: str, *, rejected: bool) -> None:
        """Record that `call` broke a rule."""
        self.violations.append(
            Violation(call.seq, call.bot, call.dialect, call.method, call.params, why, rejected=rejected)
        )

    def clear(self) -> None:
        """Forget calls and violations; the sequence goes on."""
        self.calls.clear()
        self.violations.clear()
