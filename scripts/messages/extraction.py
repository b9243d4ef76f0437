"""Finding messages in the source: ``_ = words("context")`` and its calls in Python, ``t("context", "id")`` in pages."""

import ast
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

FUNCTION = "pgettext"  # the name Babel knows for "context, id"
_TEMPLATE_FUNCTION = "t"


class Found(NamedTuple):
    """A message at a line; ``id`` is None where the source has no literal there, which is a mistake."""

    line: int
    context: str
    id: str | None


def messages_in_python(source: str) -> list[Found]:
    """Return the messages of a module in source order.

    A name bound to ``words("…")`` makes messages of that context from there on; ``words("…")("…")`` and
    ``Text("…", "…")`` count too. A call of ``_`` that is not bound so in the same module is a mistake.
    """
    tree = ast.parse(source)
    finder = _Finder()
    finder.visit(tree)
    return sorted(finder.found, key=lambda found: found.line)


class _Finder(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[Found] = []
        self._contexts: dict[str, str] = {}

    def visit_Assign(self, node: ast.Assign) -> None:
        context = _context_of(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                if context is not None:
                    self._contexts[target.id] = context
                else:
                    self._contexts.pop(target.id, None)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        context = _context_of(node.value)
        if context is not None and isinstance(node.target, ast.Name):
            self._contexts[node.target.id] = context
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        if isinstance(function, ast.Name) and function.id in self._contexts:
            self._note(node, self._contexts[function.id], node.args[:1])
        elif isinstance(function, ast.Name) and function.id == "_":
            # Bound elsewhere or to something else: its messages would be in no catalogue.
            self.found.append(Found(node.lineno, "", None))
        elif isinstance(function, ast.Name) and function.id == "Text":
            context = _literal(node.args[0]) if node.args else None
            # A computed Text is data brought back (from JSON, for one), not a message born here.
            if context is not None and len(node.args) > 1 and _literal(node.args[1]) is not None:
                self._note(node, context, node.args[1:2])
        elif (context := _context_of(function)) is not None:
            self._note(node, context, node.args[:1])
        self.generic_visit(node)

    def _note(self, node: ast.Call, context: str, ids: list[ast.expr]) -> None:
        self.found.append(Found(node.lineno, context, _literal(ids[0]) if ids else None))


def _context_of(node: ast.expr | None) -> str | None:
    """Return the context of a ``words("…")`` call, or None for anything else."""
    if isinstance(node, ast.Call) and node.args:
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name == "words":
            return _literal(node.args[0])
    return None


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def messages_in_template(source: str) -> list[Found]:
    """Return the messages of a Jinja template in source order."""
    # Jinja is imported only for templates: programs that only render texts do not need it.
    from jinja2 import Environment, nodes

    # Nothing is rendered here, so there is nothing to escape.
    tree = Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"]).parse(source)
    found = []
    for call in tree.find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or call.node.name != _TEMPLATE_FUNCTION:
            continue
        literals = [arg.value if isinstance(arg, nodes.Const) else None for arg in call.args[:2]]
        context, message_id = [*literals, None, None][:2]
        found.append(
            Found(
                call.lineno,
                context if isinstance(context, str) else "",
                message_id if isinstance(context, str) and isinstance(message_id, str) else None,
            )
        )
    return sorted(found, key=lambda message: message.line)


class NotLiteral(Exception):
    """A message whose context or id is computed, so that no catalogue can hold it; ``line`` says where."""

    def __init__(self, line: int, *, file: str = "") -> None:
        super().__init__(f"{file}:{line}: the context and the id of a message are literal strings")
        self.line = line


BabelMessage = tuple[int, str, tuple[str, str], list[str]]


def extract_python(
    fileobj: BinaryIO, keywords: object, comment_tags: object, options: object
) -> Iterator[BabelMessage]:
    """Babel's extraction method for Python modules (see ``locales/babel.cfg``); raises NotLiteral."""
    yield from _for_babel(messages_in_python(fileobj.read().decode()))


def extract_template(
    fileobj: BinaryIO, keywords: object, comment_tags: object, options: object
) -> Iterator[BabelMessage]:
    """Babel's extraction method for Jinja templates (see ``locales/babel.cfg``); raises NotLiteral."""
    yield from _for_babel(messages_in_template(fileobj.read().decode()))


def _for_babel(found: Iterable[Found]) -> Iterator[BabelMessage]:
    for message in found:
        if message.id is None:
            raise NotLiteral(message.line)
        yield message.line, FUNCTION, (message.context, message.id), []
