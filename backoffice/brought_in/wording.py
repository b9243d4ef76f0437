"""What is said of a file that cannot be brought in, and after one that was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from backoffice.brought_in.archive import LARGEST_FILE, UnfitFile, WhyUnfit
from backoffice.brought_in.difference import Difference, LineState
from backoffice.brought_in.sheets import MOST_ROWS
from desk.language.text import Param, Text, inline, words

_ = words("brought_in")
_wording = words("wording")

UNFIT: dict[WhyUnfit, Text] = {
    WhyUnfit.NO_FILE: _("No file arrived. Please choose the file, then press again."),
    WhyUnfit.TOO_LARGE: _(
        "The file is larger than {n} kilobytes. Please send its rows in several files.", n=LARGEST_FILE // 1024
    ),
    WhyUnfit.TOO_DENSE: _(
        "The file holds far more than its rows need. Please copy the rows into the sheet from this page and send that."
    ),
    WhyUnfit.NO_WORKBOOK: _(
        "This file could not be read. Please take the sheet from this page, fill it in and send it."
    ),
    WhyUnfit.MACROS: _("The file holds macros. Please save it as an ordinary workbook (xlsx), then send it."),
    WhyUnfit.SEVERAL_SHEETS: _("The file has several sheets. Please leave only the one that is to be read."),
    WhyUnfit.TOO_MANY_ROWS: _("The file has more than {n} rows. Please send them in several files.", n=MOST_ROWS),
    WhyUnfit.NO_ROWS: _("There is no row below the headings. Please fill in at least one."),
}

NOTICES: Final[Mapping[str, Text]] = {"brought_in": _wording("All of it was brought in.")}


def said_counts(found: Difference[Any]) -> Param:
    """How many lines become what; what there is none of is left out."""
    new, changed, same, faults = (len(found.of(state)) for state in LineState)
    return inline(
        _("{n} new", n=new) if new else None,
        _("{n} changed", n=changed) if changed else None,
        _("{n} as before", n=same) if same else None,
        _("{n} to put right", n=faults) if faults else None,
    )


def said_of_file(unfit: UnfitFile, titles: Mapping[str, Text]) -> Text:
    """What is the matter with a file, and what to do; `titles` are those of the columns, by their keys."""
    why, column = unfit.why, titles[unfit.column] if unfit.column is not None else None
    if column is not None and why is WhyUnfit.NO_COLUMN:
        return _("The column «{title}» is missing. Please take the sheet from this page again.", title=column)
    if column is not None and why is WhyUnfit.COLUMN_TWICE:
        return _("The column «{title}» stands there twice. Please leave one of them.", title=column)
    return UNFIT[why]
