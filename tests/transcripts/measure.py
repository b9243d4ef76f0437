"""Measures a screen, in both languages: buttons, letters, sentences, and the words that are never said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.dialogue import phrases
from bot.dialogue.says import Says
from desk.language.catalogues import Catalogues
from desk.language.language import Language
from desk.language.text import Joined, Locale, Param, Text
from desk.reading.folding import strip_bidi
from scripts.messages.house_words import MOST_SENTENCES, house_words, long_pieces, sentences
from scripts.messages.po_files import Key

MOST_BUTTONS = 7
NAVIGATION = (phrases.BACK, phrases.MENU, phrases.MORE)
"""Buttons that stand on every screen, and are not counted."""
LONGEST_LABEL = 20
"""Letters of a button's words, its icon left out."""
LONGEST_SENTENCE = 16
"""Words, names and dates filled in; the sentence alone has at most twelve."""
ICON = re.compile(r"^[^\w]+", re.UNICODE)
MOST_WITH_A_REPLY = 5
"""Sentences, where a reply to what was not understood stands above the question that is asked again."""
MOST_WITH_A_REASON = 9
"""Sentences of the screens below; with such a reply above them two more."""
REPLIES = ("common", "refusal")
"""Contexts of such replies; those of a question itself begin as below."""
BEGINNINGS = (
    "I did not understand",
    "💬 I keep what you told",
    "I found no such",
    "I could not read",
    "I know no such",
    "I don't find",
    "The code of a turn has",
    "This code has",
    "Others could guess",
    "This was tried",
    "You are welcome here",
    "That was another word",
    "I need",
    "A code has",
    "Please write the digits",
    "To keep everybody's case private",
    "{day} is still ahead",
    # What an offer was answered with, above the question in whose middle it came.
    "✅ The turn is booked",
    "✅ The time is changed",
    "Good: this time goes",
    "⏳ The time to answer is over",
    "Somebody said yes a moment",
    "This time is no longer free",
    "You did not want this time",
    "✅ You wait on, until",
    "⏳ It is paused",
    "Good. You wait until",
)
SIGN = re.compile("امور اتباع و مهاجرین خارجی")
"""On the sign of the directorate, which staff write as it is."""
SAYS_MORE: dict[Key, str] = {
    ("ticket", "🎫 **The turn of {person}**"): "the ticket: it is kept, and shown at the counter",
    ("ticket", "🎫 **The turns of {people}**"): "the same, of several who come together",
    (
        "ticket",
        "The turns of the others stand; their new ticket is further down.",
    ): "one of several gave back: what is over, what stands, and that the picture is old",
    ("welcome", "We keep your name, your turns and your messages."): "a legal notice: nothing of it may be left out",
    ("settings", "We keep the names you told us, your turns and your messages."): "the same notice, in full",
    ("turns", "This turn no longer stands."): "a turn fell: why, and the two ways on",
    ("other chat", "🔗 This chat and one in {messenger} are connected."): "a notice of who is told what from now on",
    ("other chat", "Give it to nobody: whoever types it is told what we tell you."): "the same, before it is done",
    ("other chat", "🔗 A chat in {messenger} shows this code. Is it yours too?"): "the same",
    ("settings", "✅ With us, everything is erased."): "a legal notice: what stays, where, and for how long",
    ("settings", "✅ With us, all the rest is erased."): "the same, and which complaints stay",
    (
        "safety",
        "**If you are in danger, first go to a safe place, to people you trust.**",
    ): "in danger that sentence stands above whatever is told",
    ("safety", "**If you are in danger, first go to a safe place or call {number}.**"): "the same",
    (
        "safety",
        "**First go to a safe place, to people you trust.**",
    ): "the same, where they said that they are not safe",
    ("safety", "**First go to a safe place or call {number}.**"): "the same",
    (
        "notice",
        "**The turn of {person} stands.**",
    ): "somebody named their number: what it means for them, and that all is well",
    ("notice", "**The turn of {person} no longer stands.**"): "a turn fell: why, and the two ways on",
    ("settings", "When you complain or ask, a voice note is enough."): "help, which somebody asked for",
}
"""Screens that may have more sentences, by a sentence that no other screen has, each with its reason."""


@lru_cache(maxsize=1)
def catalogues() -> Catalogues:
    return Catalogues()


@lru_cache(maxsize=1)
def words_of_the_bot() -> Language:
    return Language(catalogues())


def faults(says: Says) -> list[str]:
    """What is too much on this screen; empty when nothing is."""
    found: list[str] = []
    buttons = [button for row in says.rows for button in row if button.data]
    counted = [button for button in buttons if button.label not in NAVIGATION]
    if len(counted) + (says.asks_location is not None) > MOST_BUTTONS:
        found.append(f"{len(counted)} buttons")
    for locale in Locale:
        for button in buttons:
            label = _plain(button.label, locale)
            if isinstance(button.label, Text) and len(ICON.sub("", label)) > LONGEST_LABEL:
                found.append(f"{locale}: the button «{label}» has {len(ICON.sub('', label))} letters")
        shown = _plain(says.text, locale)
        found += [f"{locale}: a long sentence: «{piece}»" for piece in long_pieces(shown, most=LONGEST_SENTENCE)]
        found += [
            f"{locale}: «{said.group()}» frightens" for said in house_words().frightening.finditer(SIGN.sub("", shown))
        ]
        told = [sentence for text in texts(says.text) for sentence in sentences(_words(text, locale))]
        if len(told) > _most_sentences(says):
            found.append(f"{locale}: {len(told)} sentences: {' | '.join(told)}")
    return found


def _most_sentences(says: Says) -> int:
    keys = [(text.context, text.id) for text in texts(says.text)]
    is_reply = any(context in REPLIES or said.startswith(BEGINNINGS) for context, said in keys)
    if any(key in SAYS_MORE for key in keys):
        return MOST_WITH_A_REASON + (2 if is_reply else 0)
    return MOST_WITH_A_REPLY if is_reply else MOST_SENTENCES


def texts(param: Param | None) -> Iterator[Text]:
    """The sentences and labels of which a text is made, and not what people or staff wrote."""
    if isinstance(param, Text):
        yield param
        for _name, value in param.params:
            yield from texts(value)
    elif isinstance(param, Joined):
        for part in param:
            yield from texts(part)


def _words(text: Text, locale: Locale) -> str:
    """A sentence without its values."""
    return re.sub(r"\{n\}\. |\{\w+\}", "x", catalogues().message(locale, text.context, text.id))


def _plain(param: Param, locale: Locale) -> str:
    return strip_bidi(words_of_the_bot().plain(param, locale))
