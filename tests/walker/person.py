"""One walker: somebody with a phone who does whatever comes to mind, and remembers what they did."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from emulator import EmulatedPerson
from emulator.screens import Screen, ShownButton
from tests.walker import speech

DOORS = tuple(
    f".go:{door}:" for door in ("appointments", "services", "complain", "follow", "ask", "turns", "book", "settings")
)
MENU_HAS = 2
"""Doors that may stand on another screen too."""
ASKED_FOR = (speech.NAMES, speech.NAMES, speech.NUMBERS, speech.NUMBERS, speech.STORIES, speech.AMOUNTS)
"""What is asked for in words, as often as it is."""
HOME_KEYS = ("~menu", "go:menu:")
MENU_WORDS = ("صفحهٔ اول", "/menu")


@dataclass
class Walker:
    """`typed` is all they ever wrote, for what is echoed is not ours."""

    name: str
    person: EmulatedPerson
    chance: random.Random
    typed: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    """What they did, newest last."""
    codes: list[str] = field(default_factory=list)
    """Tracking codes somebody in town has, which they may type."""
    tapped: tuple[int, str] | None = None
    """Message and data of the button that is to be tapped once more when its first tap is answered."""
    asks_home: bool = False
    """Whether the last act has to lead to the main page, from whatever message."""

    def begin(self) -> None:
        """Begin an act, of which nothing is known yet."""
        self.asks_home, self.tapped = False, None

    async def act(self) -> int:
        """Do one thing, and return how many things the bot owes for it (0 where silence is right)."""
        acts = {
            self.go_on: 170,
            self.press: 26,
            self.answer: 12,
            self.say_number: 8,
            self.say_anything: 6,
            self.say_phrase: 8,
            self.press_old: 5,
            self.press_old_home: 4,
            self.press_twice: 5,
            self.send_media: 5,
            self.open_link: 3,
            self.forge: 3,
            self.edit: 2,
            self.say_code: 2,
            self.leave_and_return: 1,
        }
        chosen: Callable[[], Awaitable[int | None]] = self.chance.choices(list(acts), weights=list(acts.values()))[0]
        owed = await chosen()
        if owed is None:  # there was nothing to press, edit or answer
            return await self.say("/start")
        return owed

    async def say(self, text: str) -> int:
        self._did(f"says {text[:60]!r}{' …' if len(text) > 60 else ''}")
        self.typed.append(text)
        await self.person.say(text)
        return 1

    async def go_home(self) -> int:
        """The one act that leads to the main page from everywhere."""
        screen = self.person.screen
        home = [button for row in screen.rows for button in row if button.data.endswith("~menu")]
        if home and screen.current is not None and self.chance.random() < 0.5:
            self._did("presses main page")
            await self.person.press(data=home[0].data, message_id=screen.current.message_id)
            return 1
        return await self.say(self.chance.choice(MENU_WORDS))

    # with a purpose -------------------------------------------------------------------------------------------------

    async def go_on(self) -> int | None:
        """One more step towards an end, as most people would take it: the likeliest answer comes first."""
        screen = self.person.screen
        buttons = _pressable(screen)
        is_question = any(button.data.startswith("r") for button in buttons)
        # A link beside a question leads away from it; under a result there are only links.
        ahead = [b for b in buttons if "~" not in b.data and not (is_question and b.data.startswith("go:"))]
        doors = [button for button in ahead if button.data.endswith(DOORS)]
        if len(doors) > MENU_HAS:
            return await self._press(self.chance.choices(doors, weights=[5, *[1] * (len(doors) - 1)])[0], screen)
        if screen.keyboard and not ahead:
            return await self._press_reply(screen, labels=screen.keyboard[:-1])
        if not ahead:
            return await self.say(self.chance.choice(self.chance.choice(ASKED_FOR)))
        return await self._press(ahead[0] if self.chance.random() < 0.6 else self.chance.choice(ahead), screen)

    # pressing -------------------------------------------------------------------------------------------------------

    async def press(self) -> int | None:
        screen = self.person.screen
        if screen.keyboard and (not screen.buttons or self.chance.random() < 0.6):
            return await self._press_reply(screen)
        buttons = _pressable(screen)
        if not buttons:
            return None
        # Forward more often than back, so that walks get somewhere.
        weights = [1 if "~" in button.data else 4 for button in buttons]
        return await self._press(self.chance.choices(buttons, weights=weights)[0], screen)

    async def _press_reply(self, screen: Screen, *, labels: Sequence[str] = ()) -> int:
        label = self.chance.choice(labels or screen.keyboard)
        self._did(f"presses [{label}] under the text")
        self.typed.append(label)
        await self.person.press(label)
        return 1

    async def _press(self, button: ShownButton, screen: Screen, *, times: int = 1) -> int:
        self._did(f"presses [{button.label}] {button.data}{' twice' if times > 1 else ''}")
        message_id = screen.current.message_id if screen.current is not None else None
        await self.person.press(data=button.data, message_id=message_id, times=times)
        return 1

    async def press_twice(self) -> int | None:
        screen = self.person.screen
        buttons = _pressable(screen)
        if not buttons or screen.current is None:
            return None
        button = self.chance.choice(buttons)
        self.tapped = (screen.current.message_id, button.data)
        return await self._press(button, screen, times=self.chance.choice((1, 2)))

    async def tap_again(self, message_id: int, data: str) -> int:
        """Tap what was just tapped once more, its answer before the eyes."""
        self._did(f"taps {data} of message {message_id} again")
        await self.person.press(data=data, message_id=message_id)
        return 1

    async def press_old(self) -> int | None:
        having = [
            (shown.message_id, button)
            for shown in self.person.screen.messages
            for row in shown.rows
            for button in row
            if button.data
        ]
        if not having:
            return None
        message_id, button = self.chance.choice(having)
        self._did(f"presses [{button.label}] {button.data} of message {message_id}")
        await self.person.press(data=button.data, message_id=message_id)
        return 1

    async def press_old_home(self) -> int | None:
        """The way home on a message of any age, as likely the oldest as another."""
        homes = [
            (shown.message_id, button)
            for shown in self.person.screen.messages
            for row in shown.rows
            for button in row
            if button.data.endswith(HOME_KEYS)
        ]
        if not homes:
            return None
        message_id, button = homes[0] if self.chance.random() < 0.5 else self.chance.choice(homes)
        self._did(f"presses [{button.label}] {button.data} of message {message_id}, the way home")
        self.asks_home = True
        await self.person.press(data=button.data, message_id=message_id)
        return 1

    async def forge(self) -> int | None:
        current = self.person.screen.current
        if current is None:
            return None
        data = self.chance.choice(speech.FORGED)
        self._did(f"presses a forged button {data[:40]!r}")
        await self.person.press(data=data, message_id=current.message_id)
        return 1

    # writing --------------------------------------------------------------------------------------------------------

    async def answer(self) -> int | None:
        """Something that may be an answer: sense, or the words of a button."""
        buttons = _pressable(self.person.screen)
        if buttons and self.chance.random() < 0.3:
            return await self.say(self.chance.choice(buttons).label)
        return await self.say(speech.something_sensible(self.chance))

    async def say_number(self) -> int:
        return await self.say(speech.number(self.chance, self.chance.randint(1, 8)))

    async def say_anything(self) -> int:
        return await self.say(speech.anything(self.chance))

    async def say_phrase(self) -> int:
        return await self.say(self.chance.choice(speech.real_phrases()))

    async def say_code(self) -> int | None:
        if not self.codes:
            return None
        return await self.say(speech.number(self.chance, int(self.chance.choice(self.codes))))

    async def open_link(self) -> int:
        payload = self.chance.choice(speech.PAYLOADS)
        return await self.say(f"/start {payload}".strip())

    async def edit(self) -> int | None:
        mine = [shown.message_id for shown in self.person.screen.messages if shown.mine and shown.kind == "text"]
        if not mine:
            return None
        text = speech.something_sensible(self.chance)
        self._did(f"rewrites a message as {text!r}")
        self.typed.append(text)
        await self.person.edit(self.chance.choice(mine), text)
        return 1

    # everything else ------------------------------------------------------------------------------------------------

    async def send_media(self) -> int:
        person = self.person
        sends: dict[str, Callable[[], Awaitable[int]]] = {
            "a photo": person.send_photo,
            "a photo with words": lambda: person.send_photo(caption="این مدرک من است"),
            "a document": person.send_document,
            "a voice note": person.send_voice,
            "a long voice note": lambda: person.send_voice(duration=4000),
            "a sticker": person.send_sticker,
            "their own number": person.share_contact,
            "somebody's number": lambda: person.share_contact("0700123456", own=False),
            "a place in Karaj": lambda: person.send_location(35.84, 50.94),
            "a place in Herat": lambda: person.send_location(34.35, 62.2),
            "a place in the sea": lambda: person.send_location(0.0, 0.0),
        }
        what = self.chance.choice(list(sends))
        self._did(f"sends {what}")
        await sends[what]()
        return 1

    async def leave_and_return(self) -> int:
        """Block the bot and let it write again; a word of welcome is not owed."""
        self._did("blocks the bot and comes back")
        await self.person.block()
        await self.person.settled(expect=0, spinners=False)
        await self.person.unblock()
        await self.person.settled(expect=0, spinners=False)
        return await self.say("/start")

    def _did(self, what: str) -> None:
        self.trace.append(what)


def _pressable(screen: Screen) -> list[ShownButton]:
    return [button for row in screen.rows for button in row if button.data]
