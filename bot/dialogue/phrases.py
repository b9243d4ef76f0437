"""The engine's own sentences: navigation, help, and replies to unexpected input."""

from __future__ import annotations

from collections.abc import Sequence

from desk.language.text import Joined, Param, Text, lines, words
from desk.values import LocalMoment

_ = words("common")
_telling = words("telling")

BACK = _("Back")
MENU = _("🏠 Main page")
MORE = _("More")
ASK_DESK = _("💬 Ask the desk")
COPY_WANTED = _("📣 They wanted a copy")

BACK_WORDS = _("back, previous")
MENU_WORDS = _("main page, menu, home, start")
CANCEL_WORDS = _("cancel, stop, leave it")
HELP_WORDS = _("help, guide")
LANGUAGE_WORDS = _("language, change language")
YES_WORDS = _("yes, yeah, ok, all right")
NO_WORDS = _("no, nope")
"""NOTE: words people type, separated by commas."""

GONE = _("That button does nothing any more. These are there now:")
OLD_BUTTON = _("This is an old page. Here is where we are:")
ONCE_IS_ENOUGH = _("We have it. One tap is enough.")
JUST_CHANGED = _("This page has just changed. Please look again.")
HELP = _("Press a button, or write its number. «Back» goes one step back. «Main page» begins again.")
NOT_UNDERSTOOD = _("I did not understand that. Please press a button or write its number.")
NO_SUCH_COMMAND = _("I don't know this command. Please press a button, or write without «/».")
NOT_UNDERSTOOD_WRITE = _("I did not understand that. Please write it once more.")
VOICE_NOT_HERE = _("I can't listen to voice here. Please press a button or write.")
VOICE_FOR_THE_DESK = _("I can't listen to voice. A person at the desk can: press «💬 Send to the desk».")
PICTURE_REFUSED = _(
    "Please don't send pictures of papers; I did not open it and do not keep it. If it is still here, delete it."
)
PICTURE_RIGHT = _("The office needs no copy of your papers either; if one asked you, tell us.")
PLACE_NOT_HERE = _("I don't need your place now. Please press a button.")
CONTACT_NOT_HERE = _("I don't need a phone number. Please press a button.")
OTHER_NOT_HERE = _("I can read words and buttons only. Please press a button or write.")
OTHER_BUT_VOICE = _("I can't understand this one. Write, or send a voice note.")
EDITED = _("I keep your first answer. To change it, press «Back».")
STARTED_AGAIN = _("We have improved this part. Please begin it once more.")
ADDED = _("I put this to what you wrote.")
ONE_VOICE = _("One voice note fits here. Send this first; then add another.")
OUR_TROUBLE = _("The trouble is ours. Your answers are kept. Please press again.")
WORDS_ARE_KEPT = _("What you wrote is kept. You see it again when we ask for it.")
YOU_HAD_TOLD = _("You had told us this before:")
TAKE_IT = _("✅ Use this")
ONE_BY_ONE = _("I speak with each person alone. Please write to me yourself. I leave this group now.")
GREETED = _("Hello. How can I help?")
THANKED = _("You are welcome. I am here whenever you need me.")
SWORN_AT = _("I am sorry that it is hard. Choose what you need, or write to the desk.")
DID_YOU_MEAN = _("Is this what you need?")
LEAVE_FOR_IT = _("Shall we go there? What you have answered here is kept.")
GO_ON_HERE = _("Go on here")
HAD_BEGUN = _("You had begun something here. Shall we go on with it?")
YES_GO_ON = _("Yes, go on")
BEGIN_ANEW = _("🏠 No, begin anew")
SOMETHING_ELSE = _("No, something else")
YES_WHICH = _("Gladly. Press one of these, or write what you need.")
YES_WRITE = _("All right. Please write your answer here.")
NO_LATER = _("All right. I am here whenever you need something.")
NO_BACK = _("All right. Shall we go one step back?")
NO_HOME = _("All right. Shall we go to the main page?")
YES_GO_BACK = _("Yes, go back")
UNKNOWN_LINK = _("This link is old, or leads nowhere now. Please choose here:")
SEND_TO_DESK = _("💬 Send to the desk")
STILL_NOT = _("I can't read this one either. A person at the desk can: press «💬 Send to the desk».")
STILL_NOT_HERE = _("That does not fit here yet. The buttons below show what does.")
KEYBOARD_GONE = _("We go on here.")


def too_long(most: int) -> Text:
    """The earlier text is kept, the last message was not accepted."""
    return _(
        "At most {most} letters fit here. Your last message did not fit; all before it is kept. "
        "Send this first, then write the rest.",
        most=most,
    )


def slowly(since: LocalMoment) -> Text:
    """What was sent after that moment came too fast and was not read."""
    return _(
        "Please write more slowly. What you sent after {clock} was not read. Send what matters once more.",
        clock=since.clock,
    )


SEND_IT = _telling("✅ Send it")
GO_ON_WITH_IT = _telling("Go on with it")
LEAVE_IT = _telling("Don't send it")
A_VOICE_NOTE = _telling("🎙 A voice note")


def told(text: str) -> Text:
    """The person's words, unchanged."""
    return _telling("💬 {told}", told=text)


def told_in_part(beginning: str, end: str, *, count: int) -> Param:
    """The beginning and the end of a text that is too long for a screen, and its length."""
    return lines(
        _telling("💬 {beginning} … {end}", beginning=beginning, end=end),
        _telling("(All {count} letters will be sent.)", count=count),
    )


def part_of(first: int, last: int, total: int) -> Text:
    """Which part of a list is shown that is longer than a screen."""
    return _("{first} to {last} of {total}", first=first, last=last, total=total)


def write_one_of(labels: Sequence[Param]) -> Joined:
    """The labels of options without a button, which can be written instead."""
    return lines(_("You can also write one of these:"), *labels)
