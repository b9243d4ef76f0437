"""Checks the catalogues; each fault is one line on which a translator or developer can act."""

import re
from collections.abc import Iterator, Mapping

from babel.messages.catalog import Message

from desk.language.shown import Locale
from desk.language.template import marks_in, names_in
from scripts.messages.po_files import Key

_ARABIC_LETTERS = re.compile("[يك]")


def faults_of_template(extracted: Mapping[Key, Message], written: Mapping[Key, Message]) -> Iterator[str]:
    """Yield what differs between the messages in the source and those in ``messages.pot``."""
    for key in sorted(extracted.keys() - written.keys()):
        yield f"messages.pot: lacks {_named(key)}; run: python -m scripts.messages update"
    for key in sorted(written.keys() - extracted.keys()):
        yield f"messages.pot: is in no source any more: {_named(key)}; run: python -m scripts.messages update"
    for key in sorted(extracted):
        if marks_in(key[1]) % 2:
            yield f"source: ** opened and not closed in {_named(key)}"


def faults_of_catalogue(
    locale: Locale, template: Mapping[Key, Message], translations: Mapping[Key, Message]
) -> Iterator[str]:
    """Yield what is missing (in Persian; Dari falls back), unsure or different from the id in a catalogue."""
    for key in sorted(template):
        message = translations.get(key)
        text = str(message.string or "") if message else ""
        if not text:
            if locale is Locale.FA:
                yield f"{locale}: no translation of {_named(key)}"
            continue
        if message is not None and message.fuzzy:
            yield f"{locale}: fuzzy translation of {_named(key)}"
        if names_in(text) != names_in(key[1]):
            told, wanted = (", ".join(sorted(names)) or "none" for names in (names_in(text), names_in(key[1])))
            yield f"{locale}: placeholders {told} instead of {wanted} in the translation of {_named(key)}"
        if marks_in(text) != marks_in(key[1]):
            yield f"{locale}: ** differ from the id in the translation of {_named(key)}"
        if _ARABIC_LETTERS.search(text):
            yield f"{locale}: Arabic yeh or kaf instead of the Persian one in the translation of {_named(key)}"


def _named(key: Key) -> str:
    return f"[{key[0]}] {key[1]!r}"
