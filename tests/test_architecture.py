"""The budgets of the house: small files, small functions, no free status field, no act behind a GET."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from otit.auth.access import unmarked_endpoints

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("otit", "organizations", "inspections", "imports")
FILE_LINES = 300
FUNCTION_LINES = 40
STATES = re.compile(r"^(state|status)$")


def sources() -> list[Path]:
    return [p for package in PACKAGES for p in sorted((ROOT / package).rglob("*.py")) if "versions" not in p.parts]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_files_and_functions_keep_to_their_budgets() -> None:
    too_long: list[str] = []
    for path in sources():
        text = path.read_text()
        if text.count("\n") > FILE_LINES:
            too_long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for function in functions(ast.parse(text)):
            length = (function.end_lineno or 0) - function.lineno + 1
            if length > FUNCTION_LINES:
                too_long.append(f"{path.relative_to(ROOT)}:{function.lineno} {function.name}: {length} lines")
    assert too_long == []


def test_no_form_has_a_free_state_field() -> None:
    """A state moves by its act only. Filters of lists may name states; they change nothing."""
    offenders = []
    for path in (p for p in sources() if p.name == "forms.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ClassDef) or "Filter" in node.name:
                continue
            names = [t.id for a in node.body if isinstance(a, ast.Assign) for t in a.targets if isinstance(t, ast.Name)]
            offenders += [f"{path.relative_to(ROOT)}: {node.name}.{name}" for name in names if STATES.match(name)]
    assert offenders == []


def test_every_endpoint_declares_who_may_call_it(app: Flask) -> None:
    assert unmarked_endpoints(app) == []


def test_what_changes_something_is_never_a_get(app: Flask) -> None:
    """An act's endpoint answers POST alone; a page that shows a form answers both."""
    acts = (
        "assign",
        "cancel",
        "confirm",
        "reject",
        "submit",
        "decide",
        "effect",
        "publish",
        "annul",
        "approve",
        "retry",
    )
    wrong = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.rsplit("/", 1)[-1] in acts and "POST" not in (rule.methods or ())
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", ["otit", "organizations", "inspections", "imports", "templates", "docs", "tests"])
def test_nothing_names_a_place_outside_the_project(folder: str) -> None:
    pattern = re.compile(r"(?<![\w.])/(?:home|root|work|Users)/\w+")
    texts = [
        p for p in (ROOT / folder).rglob("*") if p.suffix in {".py", ".html", ".md", ".css", ".js", ".csv", ".toml"}
    ]
    assert texts
    assert [str(p.relative_to(ROOT)) for p in texts if pattern.search(p.read_text())] == []
