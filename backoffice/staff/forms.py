"""The forms of an account: its name, and its roles with their places."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wtforms import Form

from backoffice.forms.choices import Pick
from backoffice.forms.fields import TextLine
from backoffice.forms.numbers import Day
from backoffice.forms.versions import EditForm
from desk.language.text import words
from desk.organisation import Node

_ = words("staff")


class NewMemberForm(Form):
    """The form for a new account."""

    username = TextLine(
        _("Username"), longest=40, is_ltr=True, hint=_("Small Latin letters and digits, a letter first.")
    )
    name = TextLine(_("Name and surname"), longest=80)


class MemberForm(EditForm):
    """The form of an account without its roles."""

    name = TextLine(_("Name and surname"), longest=80)


class RoleForm(Form):
    """One role at one place; both empty = no role. With many offices, one is searched for and picked."""

    nodes: Mapping[str, Node] = MappingProxyType({})
    """The nodes that may be chosen, by their keys."""
    is_long = False
    """True = there are too many offices for the list of places."""

    role = Pick(_("Role"), required=False, empty=_("No role"))
    place = Pick(_("Where"), required=False, empty=_("Please choose"))
    find = TextLine(_("Office: name, city or code"), required=False, longest=80)
    office = Pick(_("Office"), required=False)
    valid_from = Day(_("From"), required=False)
    valid_to = Day(_("To"), required=False)
