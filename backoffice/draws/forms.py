"""The forms of draws: how places are given, a draw, the word of the second office-holder, and the public figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from wtforms import Form

from backoffice.draws.wording import FAULTS
from backoffice.forms.choices import Pick
from backoffice.forms.fields import Paragraph, Reason, TextLine, field_named
from backoffice.forms.numbers import Day, Number, TimeOfDay
from backoffice.forms.versions import EditForm
from desk.draws.refusals import DrawUnusable
from desk.draws.revealing import LONGEST_WORD
from desk.draws.rows import LONGEST_FIGURE_NAME, LONGEST_REASON, DrawRules, SettingRow
from desk.draws.rules import MOST_DIGITS, DrawFieldFault
from desk.draws.seeds import LEAST_WORD
from desk.language.text import words

_ = words("draws")

OPEN, DRAWN = "open", "drawn"
HOUR = 60
FIELD_OF: Final[dict[DrawFieldFault, tuple[str, ...]]] = {
    DrawFieldFault.DAYS: ("last_day",),
    DrawFieldFault.OVERLAP: ("first_day",),
    DrawFieldFault.CLOSES: ("closes_time",),
    DrawFieldFault.HOUR: ("publish_at",),
    DrawFieldFault.AHEAD: ("days_ahead", "first_day"),
    DrawFieldFault.CONFIRM: ("confirm_hours",),
    DrawFieldFault.SHARE: ("priority_share",),
    DrawFieldFault.FIGURE: ("figure_name",),
    DrawFieldFault.DIGITS: ("figure", "figure_digits"),
    DrawFieldFault.REASON: ("reason",),
    DrawFieldFault.WORD: ("word",),
    DrawFieldFault.HASH: ("word_hash",),
}
"""At which field each fault is said; the first of these that the form has."""


class ExactText(TextLine):
    """A text that is taken as it was typed: its hash has to come out the same."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take it without tidying it."""
        self.data = str(valuelist[0]).strip() if valuelist else ""
        if not self.data:
            raise Reason(_("Please type the word."))
        if len(self.data) > self.longest:
            raise Reason(FAULTS[DrawFieldFault.WORD])


class HashText(TextLine):
    """The hash of a word; the page makes it from a word that is long enough."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Tell what to type where it is missing: the page itself fills this field."""
        if not any(str(each).strip() for each in valuelist):
            raise Reason(
                _("Please type a word of {least} to {most} letters, or its hash.", least=LEAST_WORD, most=LONGEST_WORD)
            )
        super().process_formdata(valuelist)


class ChoosePlaceForm(Form):
    """Of which service and which province."""

    service = Pick(_("Service"), empty=_("Please choose"))
    province = Pick(_("Province"), empty=_("Please choose"))


class SettingForm(EditForm):
    """Whether the places of a service are drawn in a province, by which rules, and why."""

    how = Pick(
        _("How places are given"),
        options=[(OPEN, _("Open: who comes first")), (DRAWN, _("Draw: by lot among all who asked"))],
    )
    publish_at = TimeOfDay(_("Hour of the draw"), hint=_("Everybody sees the result at this hour."))
    days_ahead = Number(
        _("So many days before its first day a draw is held"), least=2, most=60, hint=_("Seven is usual.")
    )
    confirm_hours = Number(
        _("Hours to confirm"), least=1, most=24 * 20, hint=_("They count from when the message arrived, not at night.")
    )
    priority_share = Number(
        _("Share for priority classes, percent"),
        least=0,
        most=100,
        hint=_("So much of the places goes first to who bears a class."),
    )
    reason = Paragraph(
        _("Reason"), longest=LONGEST_REASON, rows=2, hint=_("It is published. Write what everybody may read.")
    )

    @property
    def rules(self) -> DrawRules:
        """The rules as they were typed."""
        return DrawRules(
            publish_at=self.publish_at.data,
            days_ahead=self.days_ahead.data,
            confirm_minutes=self.confirm_hours.data * HOUR,
            priority_share=self.priority_share.data,
        )


class DrawForm(Form):
    """A draw to be prepared."""

    first_day = Day(_("First day of the places"))
    last_day = Day(_("Last day of the places"), hint=_("Fourteen days at most."))
    closes_day = Day(_("Day on which the list closes"))
    closes_time = TimeOfDay(_("Hour at which the list closes"), hint=_("Before the public figure is known."))
    figure_name = TextLine(
        _("Public figure"),
        longest=LONGEST_FIGURE_NAME,
        hint=_("A figure that does not exist yet at closing, such as the closing index of that day."),
    )
    figure_digits = Number(_("How many digits it has"), least=2, most=MOST_DIGITS)


class HashForm(Form):
    """The hash by which the second office-holder commits to a word."""

    word_hash = HashText(_("Hash of the word"), is_ltr=True, longest=64, hint=_("64 letters and digits."))


class RevealForm(Form):
    """The word whose hash was announced."""

    word = ExactText(_("The word, exactly as it was chosen"), longest=LONGEST_WORD)


class FigureForm(Form):
    """The public figure as one person reads it."""

    figure = TextLine(_("The figure"), is_ltr=True, longest=40)


def setting_form_of(row: SettingRow | None) -> SettingForm:
    """The form of what is set; where nothing is, of the usual rules and open places."""
    rules = DrawRules() if row is None else row.rules
    return SettingForm(
        data={
            "how": DRAWN if row is not None and row.is_drawn else OPEN,
            "publish_at": rules.publish_at,
            "days_ahead": rules.days_ahead,
            "confirm_hours": -(-rules.confirm_minutes // HOUR),
            "priority_share": rules.priority_share,
            "reason": None if row is None else row.reason,
        }
    )


def say_at_its_field(form: Form, refusal: DrawUnusable) -> None:
    """Put the words of a fault to the field that it is about."""
    name = next(each for each in FIELD_OF[refusal.why] if each in form)
    field_named(form, name).add_error(FAULTS[refusal.why])
