"""The rules about authority: an action of staff takes the actor and checks it; each check returns `line: what`."""

from __future__ import annotations

import ast
import re

from tests.system.source_rules import Source, dotted, walked

WHERE_STAFF_ACT = (
    *(
        "desk/visits/actions.py",
        "desk/capacity/actions.py",
        "desk/capacity/weekly_hours.py",
        "desk/capacity/saving_weeks.py",
        "desk/capacity/days_off.py",
    ),
    *("desk/catalogue/actions.py", "desk/catalogue/fees.py"),
    *("desk/offices/actions.py", "desk/consequences/actions.py", "desk/staff/actions.py"),
    *("desk/cases/handling.py", "desk/cases/drafts.py"),
)
"""The files that hold what staff do to each subject."""

WITHOUT_ACTOR = {
    "fill_holidays": "a job writes what the calendar of the country says",
    "keep_parts": "locks, and changes nothing",
    "carry_on": "carries on what was asked for when it was decided",
    "find_stranded": "a job writes down what somebody has to decide",
    "forget_old_drafts": "a job",
}
"""Writing functions of those files that nobody of the staff calls, with the reason."""

ASKS_NOTHING = {
    "forget_draft": "a draft is its writer's own",
    "agree": "a person in a chat about their own",
}
ONLY_NOTES = {"note", "write_event", "add_entry", "set_state", "write_down"}
"""What is handed who acts to write it down, and asks nothing."""


def actions_that_trust_their_caller(source: Source) -> list[str]:
    """Each action of staff takes who acts and asks them, or hands them on to what asks."""
    if not source.within(*WHERE_STAFF_ACT):
        return []
    found = []
    for node in source.tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or not _writes(node):
            continue
        if "actor" not in {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}:
            if node.name not in WITHOUT_ACTOR:
                found.append(f"{node.lineno}: {node.name}() takes no actor")
        elif node.name not in ASKS_NOTHING and not any(_asks(call) for call in ast.walk(node)):
            found.append(f"{node.lineno}: {node.name}() does not ask its actor")
    return found


def _writes(function: ast.FunctionDef) -> bool:
    first = function.args.args[0] if function.args.args else None
    return first is not None and first.annotation is not None and dotted(first.annotation) == "WriteSession"


def _asks(call: ast.AST) -> bool:
    if not isinstance(call, ast.Call):
        return False
    name = dotted(call.func)
    if name in {"actor.require", "actor.may", "actor.scope"}:
        return True
    handed_on = [*call.args, *(keyword.value for keyword in call.keywords)]
    is_handed = any(isinstance(each, ast.Name) and each.id == "actor" for each in handed_on)
    return is_handed and name.rpartition(".")[2].removeprefix("_") not in ONLY_NOTES


def staff_known_by_number(source: Source) -> list[str]:
    """A write that is handed the id of somebody cannot ask what they may do: it takes the actor."""
    if not source.within("desk/*") or source.within("desk/storage/*", *KNOWN_BY_NUMBER):
        return []
    return [
        f"{node.lineno}: {node.name}(staff_id)"
        for node in walked(source.tree)
        if isinstance(node, ast.FunctionDef)
        and _writes(node)
        and "staff_id" in {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
    ]


KNOWN_BY_NUMBER = (
    "desk/staff/sign_in.py",  # nobody acts yet, who only signs in
    "desk/staff/own_sessions.py",  # one's own, of who is signed in
    "desk/staff/second_factor.py",  # one's own, of who is signed in
    "desk/staff/tries.py",  # the same, and wrong answers of one's own
)


def chats_known_by_number(source: Source) -> list[str]:
    """A write that is handed the id of a conversation cannot ask whether it is that chat who acts."""
    if not source.within("desk/*") or source.within("desk/storage/*", "desk/conversations/*", "desk/places/claims.py"):
        return []
    return [
        f"{node.lineno}: {node.name}(conversation_id)"
        for node in walked(source.tree)
        if isinstance(node, ast.FunctionDef)
        and _writes(node)
        and not node.name.startswith("_")
        and node.name not in MAY_KNOW_A_CHAT
        and "conversation_id" in {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
    ]


MAY_KNOW_A_CHAT = {
    "refuse_second_appointment": "whose it is decides what is told, and nothing else",
    "doubt": "a clerk acts, who saw the paper of somebody else",
    "put_name": "a clerk acts, who saw the paper of the person",
}

TAKES_A_NUMBER = {
    "roles_of": "reads about somebody, whoever acts",
    "set_visit": "the columns of a row",
}
"""What may be handed the number of who acts, with the reason."""


def actors_taken_apart(source: Source) -> list[str]:
    """Who acts is handed on whole: the history says of staff, chat and system what it was, which a number cannot."""
    return [
        f"{keyword.value.lineno}: {dotted(call.func)}({keyword.arg}={dotted(keyword.value)})"
        for call in walked(source.tree)
        if isinstance(call, ast.Call) and call.args and dotted(call.args[0]).rpartition(".")[2] in SESSIONS
        if dotted(call.func).rpartition(".")[2] not in TAKES_A_NUMBER
        for keyword in call.keywords
        if PART_OF_ACTOR.search(dotted(keyword.value))
    ]


SESSIONS = {"session", "writing"}
PART_OF_ACTOR = re.compile(r"(^|\.)actor\.(kind|staff_id|is_chat|is_system)$")

CHECKS = (actions_that_trust_their_caller, staff_known_by_number, chats_known_by_number, actors_taken_apart)
