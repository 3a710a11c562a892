"""All benchmarks on one national database for each backend: `python -m benchmarks [--backend …] [--turns …]`."""

import sys

from benchmarks import list_page, schedule, search
from benchmarks.running import command_line

sys.exit(command_line(schedule.measure, __doc__, list_page.measure, search.measure))
