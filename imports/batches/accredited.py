"""What the criteria say against plans of a list, beside the cells that it is about, before the list is taken over."""

from collections.abc import Iterator

from imports.batches.facts import Problem
from organizations.accreditation.accredited import Examiner, Plan

_SOURCES = {
    "period": "ends_on",
    "bar": "accredited_on",
    "license": "supervising_name",
    "sender": "sending_number",
    "occupation": "occupation_code",
}


def problems(examiner: Examiner, plan: Plan) -> Iterator[Problem]:
    for subject, found in examiner.doubts(plan):
        yield Problem(_SOURCES[subject], found.message, found.params, subject, found.citation)
