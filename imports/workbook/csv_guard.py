"""The guard against formula injection in CSV, and its exact reverse.

A spreadsheet program runs a CSV cell that begins with = + - @ (also full width, or after a tab or line break) as a
formula. CSV has no cell types, so such text gets one apostrophe in front: Excel's own sign for "this is text". Nothing
is deleted, and reading takes the apostrophe off again. Text that itself begins with an apostrophe before such a sign is
given one more, so that writing and reading are each other's reverse for every text.
"""

import re

_DANGEROUS = re.compile("'*[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")


def guarded(text: str) -> str:
    """`-5 %` becomes `'-5 %`; a text that cannot be taken for a formula stays as it is."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    """The reverse of `guarded`; text written by others with such an apostrophe loses it as it would in Excel."""
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text) else text
