"""The forms for signing in, one's own password, and the language of the pages."""

from __future__ import annotations

from wtforms import Form

from backoffice.forms.fields import Secret, TextLine
from desk.language.text import words

_ = words("account")


class SignInForm(Form):
    """The form for signing in."""

    username = TextLine(_("Username"), longest=40, is_ltr=True, autocomplete="username")
    password = Secret(_("Password"), autocomplete="current-password")


class PasswordForm(Form):
    """A new password for oneself, with the old one as proof."""

    current = Secret(_("Present password"), autocomplete="current-password")
    new = Secret(
        _("New password"),
        hint=_("At least 10 letters. A sentence you remember is best."),
        autocomplete="new-password",
    )
    again = Secret(_("New password once more"), autocomplete="new-password")
