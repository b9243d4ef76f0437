"""A small conversation of its own for testing the engine: a tea house that takes orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from bot.dialogue.engine import Engine, ExchangeResult, Flows
from bot.dialogue.flow import Flow, Talk
from bot.dialogue.heard import Address, Heard, HeardKind
from bot.dialogue.questions import Done, Go, Option, Question, Reading, Skip, Sorry, Taken, Unclear
from desk.conversations.chat import Chat as DeskChat
from desk.language.catalogues import Catalogues
from desk.language.language import Language
from desk.language.text import Locale
from desk.refusals import Refusal

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
ADDRESS = Address("telegram", "toy", "7")


@dataclass(frozen=True)
class NoTeaLeft(Refusal):
    """The pot is empty."""


@dataclass(frozen=True)
class KitchenIsClosed(Refusal):
    """Nothing is made any more today."""


@dataclass(frozen=True)
class NoCup(Refusal):
    """The cup somebody chose broke meanwhile."""


@dataclass(frozen=True)
class EveryCupBroken(Refusal):
    """And so did the others."""


@dataclass
class Me:
    conversation_id: int = 7
    locale: Locale | None = Locale.FA
    consented: bool = True


@dataclass
class TeaHouse:
    """A desk as small as the toy needs it; passes for the chat since the engine only asks for `me` and `now`."""

    me: Me = field(default_factory=Me)
    now: datetime = NOW
    orders: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    pot_is_empty: bool = False
    kitchen_is_closed: bool = False
    cups_are_broken: bool = False
    guests_sleep: bool = False
    sugar_is_out: bool = False


def house(talk: Talk[Any]) -> TeaHouse:
    return cast(TeaHouse, talk.desk)


@dataclass(slots=True)
class Nothing:
    pass


menu = Flow("menu", draft=Nothing)


@menu.step
def what(talk: Talk[Nothing]) -> Question:
    return Question(
        "What would you like?",
        (Option("tea", "Order tea", then=Go("tea")), Option("many", "Long list", then=Go("many"))),
        has_back=False,
        has_menu=False,
    )


@dataclass(slots=True)
class Order:
    kind: str | None = None
    sugar: int | None = None
    name: str | None = None


tea = Flow("tea", draft=Order)


@tea.step(asks="kind")
def kind(talk: Talk[Order]) -> Question:
    if house(talk).kitchen_is_closed:
        raise KitchenIsClosed
    return Question(
        "Which tea?",
        (
            Option("black", "🫖 Black tea", sets={"kind": "black"}),
            Option("green", "Green tea", sets={"kind": "green"}),
        ),
    )


def _lumps(typed: str) -> Reading:
    if not typed.isdecimal():
        return None
    return Taken({"sugar": int(typed)}) if int(typed) < 10 else Unclear("So much sugar?")


@tea.step(asks="sugar")
def sugar(talk: Talk[Order]) -> Question | Skip:
    if talk.draft.kind == "green":
        return Skip({"sugar": 0})
    if house(talk).sugar_is_out:
        return Skip({"sugar": 0}, gone="The sugar is out.")
    return Question("How much sugar?", (Option("none", "No sugar", sets={"sugar": 0}),), reads=_lumps, reads_first=True)


@sugar.answered
def note(talk: Talk[Order]) -> None:
    house(talk).log.append("kept")


@tea.step(asks="name")
def name(talk: Talk[Order]) -> Question:
    return Question("Your name?", reads=lambda typed: Taken({"name": typed}), is_sensitive=True)


@tea.finish
def ordered(talk: Talk[Order]) -> Done:
    desk = house(talk)
    if desk.pot_is_empty:
        raise NoTeaLeft
    desk.orders.append(f"{talk.key}:{talk.draft.kind}:{talk.draft.sugar}:{talk.draft.name}")
    return Done("Ordered.", links=(("Again", Go("tea", "green")),))


@tea.leave
def poured_away(talk: Talk[Order]) -> None:
    house(talk).log.append("left")


@tea.enter
def by_link(talk: Talk[Order], arg: str) -> None:
    if arg == "green":
        talk.draft.kind = "green"


@dataclass(slots=True)
class Whereabouts:
    place: str | None = None
    floor: str | None = None


home = Flow("home", draft=Whereabouts)


@home.step(asks="place")
def place(talk: Talk[Whereabouts]) -> Question:
    return Question("Where do you live?", reads=lambda typed: Taken({"place": typed}), asks_location="Send my place")


@home.step(asks="floor")
def floor(talk: Talk[Whereabouts]) -> Question:
    return Question("Which floor?", (Option("one", "First", sets={"floor": "one"}),))


many = Flow("many", draft=Order)


@many.step
def number(talk: Talk[Order]) -> Question:
    return Question("Which one?", tuple(Option(str(n), f"Choice {chr(65 + n)}") for n in range(12)))


@many.finish
def chosen(talk: Talk[Order]) -> Done:
    return Done("Good choice.", then=Go("menu"))


@dataclass(slots=True)
class District:
    district: str | None = None


town = Flow("town", draft=District)


@town.step(asks="district")
def district(talk: Talk[District]) -> Question:
    """As where an office is looked for: a reply keyboard that sends its words, and a step that reads every word."""
    return Question(
        "Which district?",
        tuple(Option(str(n), f"District {chr(65 + n)}", sets={"district": str(n)}) for n in range(9)),
        reads=lambda typed: Unclear(f"No {typed} here."),
        asks_location="Send my place",
    )


@town.finish
def arrived(talk: Talk[District]) -> Done:
    return Done(f"District {talk.draft.district}.", then=Go("menu"))


@dataclass(slots=True)
class Table:
    cup: str | None = None
    shelf: str | None = None
    guest: str | None = None


table = Flow("table", draft=Table)


@table.step(asks="cup")
def cup(talk: Talk[Table]) -> Question:
    if house(talk).cups_are_broken:
        return Question(
            "There is no cup. Ask us.", (Option("ask", "💬 Ask the desk", then=Go("waiter")),), says_why=True
        )
    return Question("Which cup?", tuple(Option(each, each.title(), sets={"cup": each}) for each in ("blue", "red")))


@table.step(asks="shelf")
def shelf(talk: Talk[Table]) -> Question:
    if talk.draft.cup == "red" and house(talk).guests_sleep:
        raise EveryCupBroken
    return Question("Which shelf?", (Option("high", "High", sets={"shelf": "high"}),))


@table.step(asks="guest")
def guest(talk: Talk[Table]) -> Question:
    return Question("For which guest?", (Option("me", "Me", sets={"guest": "me"}),))


@table.finish
def laid(talk: Talk[Table]) -> Done:
    raise NoCup


welcome = Flow("welcome", draft=Nothing)


@welcome.step
def language(talk: Talk[Nothing]) -> Question:
    return Question("Language?", (Option("fa", "Farsi"),), has_back=False, has_menu=False)


@language.answered
def set_language(talk: Talk[Nothing]) -> None:
    me = house(talk).me
    me.locale, me.consented = Locale.FA, True


@welcome.finish
def welcomed(talk: Talk[Nothing]) -> Done:
    return Done("Welcome.", then=Go("menu"))


waiter = Flow("waiter", draft=Nothing)


@waiter.step
def question(talk: Talk[Nothing]) -> Question:
    return Question("Ask us.", reads=lambda typed: Taken())


def apology(refusal: Exception) -> Sorry | None:
    if isinstance(refusal, KitchenIsClosed):
        return Sorry("The kitchen is closed.", then=Go("waiter"))
    if isinstance(refusal, NoCup):
        return Sorry("This cup is broken. These are left:", then=shelf)
    if isinstance(refusal, EveryCupBroken):
        return Sorry("All on this shelf are broken. These are left:", then=cup)
    return Sorry("No tea left.", then=kind) if isinstance(refusal, NoTeaLeft) else None


FLOWS = Flows(
    flows={
        flow.name: flow for flow in cast("tuple[Flow[Any], ...]", (menu, tea, home, many, town, table, welcome, waiter))
    },
    apology=apology,
    payload={"green": Go("tea", "green"), "home": Go("home"), "town": Go("town"), "table": Go("table")}.get,
    language=Go("welcome"),
    desk=Go("waiter"),
    words_to_desk=Go("waiter"),
    copy_wanted=Go("waiter"),
)


class Chat:
    """Talks to the engine as one person, keeping the stored state as the database would."""

    def __init__(self, desk: TeaHouse | None = None) -> None:
        self.desk = desk or TeaHouse()
        self.language = Language(Catalogues(None))
        self.engine = Engine(FLOWS, self.language)
        self.state: Mapping[str, Any] = {}
        self.revision = 0
        self.exchange: ExchangeResult | None = None

    def _hear(self, kind: HeardKind, **what: Any) -> str:
        heard = Heard(address=ADDRESS, update_id="1", kind=kind, message_id="5", **what)
        exchange = self.engine.hear(heard, state=self.state, revision=self.revision, desk=cast(DeskChat, self.desk))
        self.state, self.revision, self.exchange = exchange.state.dump(), exchange.revision, exchange
        return self.seen

    def say(self, text: str) -> str:
        return self._hear(HeardKind.TEXT, text=text)

    def start(self, payload: str = "") -> str:
        return self._hear(HeardKind.TEXT, text="/start", start=payload)

    def press(self, label: str) -> str:
        return self.press_data(self.data(label))

    def tap(self, label: Any) -> str:
        """Send the words of a button as a reply keyboard does, in the person's language, be it shown or not."""
        return self.say(self.language.plain(label, Locale.FA))

    def press_data(self, data: str) -> str:
        return self._hear(HeardKind.CHOICE, choice=data)

    def send(self, kind: HeardKind, **what: Any) -> str:
        return self._hear(kind, **what)

    def data(self, label: str) -> str:
        for button in self.buttons:
            if label in self.language.plain(button.label, Locale.FA) or label == _id(button.label):
                return str(button.data)
        raise AssertionError(f"No button {label!r} in {[_id(button.label) for button in self.buttons]}")

    @property
    def buttons(self) -> list[Any]:
        assert self.exchange is not None
        return [button for row in self.exchange.says[-1].rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [_id(button.label) for button in self.buttons]

    @property
    def seen(self) -> str:
        assert self.exchange is not None
        return " | ".join(_id(says.text) for says in self.exchange.says)


def _id(param: Any) -> str:
    """The English of a text: what the sentence is, whatever its translation."""
    if isinstance(param, str):
        return param
    parts = getattr(param, "parts", None)
    if parts is not None:
        return " / ".join(_id(part) for part in parts)
    return str(param.id)
