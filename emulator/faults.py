"""Faults on demand: what goes wrong, for which bot and method, how often; by exact count or by a seeded chance."""

import random
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase

from emulator.wire import Json

#: Faults of a call. `reset` loses the call after its body was read; `lost_answer` carries it out and loses the answer.
CALL_FAULTS = frozenset(
    [
        "too_many_requests",
        "server_error",
        "bad_gateway",
        "hang",
        "reset",
        "lost_answer",
        "blocked",
        "bad_request",
        "not_found",
        "unsupported",
        "conflict",
        "ok_without_result",
    ]
)
#: Faults of the updates a person causes.
UPDATE_FAULTS = frozenset(["duplicate_update", "shuffle_updates", "malformed_update", "missing_fields"])


@dataclass(slots=True)
class Fault:
    """One fault. `times` None = without end; `seconds` = length of a hang; `window` = how many updates are mixed."""

    kind: str
    bot: str = "*"
    method: str = "*"
    chat_id: int | None = None
    times: int | None = None
    probability: float = 1.0
    retry_after: int = 1
    seconds: float = 1.0
    window: int = 5
    skip: int = 0
    description: str = ""
    id: int = 0
    hits: int = 0

    def as_json(self) -> Json:
        """Return the fault for the control API."""
        return asdict(self)


class Faults:
    """The faults in force. `bot` matches a username or a dialect, `method` a pattern such as `send*` (any case)."""

    def __init__(self, *, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._faults: list[Fault] = []
        self._number = 0

    def seed(self, seed: int) -> None:
        """Start the chances again from `seed`."""
        self._random = random.Random(seed)

    def add(self, kind: str, *, bot: str = "*", method: str = "*", chat_id: int | None = None, times: int | None = None,
            probability: float = 1.0, retry_after: int = 1, seconds: float = 1.0, window: int = 5, skip: int = 0,
            description: str = "") -> Fault:  # fmt: skip
        """Put a fault into force; `skip` lets that many matching calls pass first. ValueError for an unknown kind."""
        if kind not in CALL_FAULTS | UPDATE_FAULTS:
            raise ValueError(f"no such fault: {kind}")
        self._number += 1
        fault = Fault(kind, bot, method, chat_id, times, probability, retry_after, seconds, window, skip, description,
                      id=self._number)  # fmt: skip
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Take every fault out of force."""
        self._faults.clear()

    def remove(self, fault_id: int) -> None:
        """Take one fault out of force."""
        self._faults = [fault for fault in self._faults if fault.id != fault_id]

    def all(self) -> list[Fault]:
        """Return the faults in force."""
        return list(self._faults)

    def pick(self, *, names: tuple[str, str], method: str, chat_id: int | None) -> Fault | None:
        """Return the fault that strikes this call of the bot with these `names` (username, dialect)."""
        return self._pick(CALL_FAULTS, names, method, chat_id) if self._faults else None

    def pick_update(self, *, names: tuple[str, str], kind: str, chat_id: int | None) -> Fault | None:
        """Return the fault that strikes this update; `method` of the fault then matches the kind of update."""
        return self._pick(UPDATE_FAULTS, names, kind, chat_id) if self._faults else None

    def _pick(self, kinds: frozenset[str], names: tuple[str, str], what: str, chat_id: int | None) -> Fault | None:
        for fault in self._faults:
            if fault.kind not in kinds or (fault.times is not None and fault.hits >= fault.times):
                continue
            if not any(fnmatchcase(name, fault.bot) for name in names):
                continue
            if not fnmatchcase(what.lower(), fault.method.lower()):
                continue
            if fault.chat_id is not None and fault.chat_id != chat_id:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.probability < 1 and self._random.random() >= fault.probability:
                continue
            fault.hits += 1
            return fault
        return None
