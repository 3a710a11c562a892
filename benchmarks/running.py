"""What the benchmarks have in common: the command line, one database for each backend, JSON lines, the exit code."""

import argparse
import json
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.national import BACKENDS, generated

Measure = Callable[[str, int], list[dict[str, Any]]]


def command_line(measure: Measure, about: str | None, *more: Measure) -> int:
    """Run on the backends asked for; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backend", choices=[*BACKENDS, "both"], default="both")
    parser.add_argument("--turns", type=int, default=5, help="turns of both sides (pages: times ten)")
    options = parser.parse_args()
    chosen = BACKENDS if options.backend == "both" else (options.backend,)
    met = [run(backend, options.turns, (measure, *more)) for backend in chosen]
    return 0 if all(met) else 1


def run(backend: str, turns: int, measures: Sequence[Measure]) -> bool:
    """Print one JSON line for each result; whether all goals are met."""
    met = True
    with generated(backend):
        for measure in measures:
            for result in measure(backend, turns):
                print(json.dumps(result, ensure_ascii=False), flush=True)
                met = met and result["met"]
    return met
