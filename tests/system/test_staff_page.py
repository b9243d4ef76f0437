"""docs/staff.md shows who may do what, and every word of the screen, as the program has them."""

from __future__ import annotations

import re

import pytest

from backoffice.staff.wording import PERMISSIONS
from backoffice.staff.wording import ROLES as ROLE_WORDS
from desk.language.catalogues import default_directory, po_path
from desk.language.language import Language
from desk.language.text import Locale, Text
from desk.staff.permissions import ROLES, Permission, Role
from scripts.messages.po_files import read_catalogue
from tests.system.source_rules import ROOT

PAGE = (ROOT / "docs/staff.md").read_text(encoding="utf-8")
HELD = "✓"
LETTER = re.compile("[\u0620-\u06ff]")


@pytest.fixture(scope="module")
def language() -> Language:
    return Language.load()


def _rows() -> list[list[str]]:
    rows = [line for line in PAGE.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def _named(language: Language, label: Text, name: str) -> str:
    return f"{language.plain(label, Locale.FA)} `{name}`"


def test_the_table_is_that_of_the_permissions(language: Language) -> None:
    head, *rows = _rows()
    assert head[1:] == [_named(language, ROLE_WORDS[role], role.value) for role in Role]
    assert [row[0] for row in rows] == [_named(language, PERMISSIONS[each], each.value) for each in Permission]
    for permission, row in zip(Permission, rows, strict=True):
        assert [cell == HELD for cell in row[1:]] == [permission in ROLES[role] for role in Role], permission


def test_a_word_of_the_screen_stands_on_the_screen() -> None:
    catalogue = read_catalogue(po_path(default_directory(), Locale.FA))
    shown = {str(message.string) for message in catalogue if message.id}
    quoted = {" ".join(words.split()) for words in re.findall(r"«([^»]+)»", PAGE) if LETTER.search(words)}
    assert len(quoted) > 20
    assert quoted <= shown, quoted - shown
