"""Fail unless every template compiles in the application's own environment and names only templates that exist."""

import sys
import tempfile

from jinja2 import TemplateError, meta

from otit.app import create_app
from otit.config import load_settings


def faults() -> list[str]:
    """One line for each fault: syntax, an unknown filter or test, a missing template."""
    with tempfile.TemporaryDirectory() as home:
        app = create_app(load_settings({"OTIT_HOME": home}))
    environment = app.jinja_env
    assert environment.loader is not None
    known = set(environment.list_templates())
    found: list[str] = []
    for name in sorted(known):
        if not name.endswith((".html", ".txt", ".svg")):
            continue
        try:
            environment.get_template(name)
            source = environment.loader.get_source(environment, name)[0]
            named = meta.find_referenced_templates(environment.parse(source))
        except TemplateError as error:
            found.append(f"{name}: {error}")
            continue
        found.extend(f"{name}: {other} does not exist" for other in named if other and other not in known)
    return found


def main() -> int:
    found = faults()
    print("\n".join(found) or "templates compile")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
