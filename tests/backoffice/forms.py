"""Reading the forms of a page as a browser does."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class SentForm:
    """A form with the values it would send."""

    action: str
    method: str
    values: dict[str, str | list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[SentForm] = []
        self._text: tuple[str, list[str]] | None = None
        self._select: str | None = None
        self._is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(SentForm(given.get("action", ""), given.get("method", "get")))
            self._is_open = True
        if not self._is_open:
            return
        values, name = self.forms[-1].values, given.get("name", "")
        if tag == "select":
            self._select = name
            values.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in given:
            values[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._text = (name, [])
        elif tag == "input" and name:
            if given.get("type") not in {"checkbox", "radio"}:
                values[name] = given.get("value", "")
            elif "checked" in given:
                kept = values.setdefault(name, [])
                assert isinstance(kept, list)
                kept.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_open = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._text is not None:
            name, parts = self._text
            self.forms[-1].values[name] = "".join(parts)
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)


def forms_of(page: str) -> list[SentForm]:
    """All forms of a page that are posted."""
    reader = _Reader()
    reader.feed(page)
    return [form for form in reader.forms if form.method == "post"]


def form_at(page: str, address: str) -> SentForm:
    """The form that is sent to this address."""
    found = [form for form in forms_of(page) if form.action == address]
    assert found, f"no form to {address}"
    return found[0]
