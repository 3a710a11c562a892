"""Dates in cells: `otit.clock.parse_date` with its reasons as cell problems and its warnings as notes."""

import datetime as dt

from imports.values.base import Note, Parsed, ValueProblem, shown
from otit.clock import DateParseError, parse_date


class WrongDate(ValueProblem):
    """The cell is no date, or a date that never was."""

    code = "wrong-date"


def date(value: object) -> Parsed[dt.date]:
    """A date from a date cell, an Excel serial number, or text in Japanese or western form (see `parse_date`)."""
    try:
        parsed = parse_date(value)
    except DateParseError as error:
        raise WrongDate(error.message, {"value": shown(value)}) from error
    return Parsed(parsed.value, tuple(Note(warning.label) for warning in parsed.warnings))
