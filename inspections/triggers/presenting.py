"""A trigger in the reader's language."""

from typing import Any

from otit.web.messages import translate


def summary(trigger: Any) -> str:
    """Of a trigger, or a row with its `summary` and `notice_id`: a person's words as they are; those of a notice are
    ours and are translated."""
    text: str = trigger.summary
    return text if trigger.notice_id is None else translate(text)
