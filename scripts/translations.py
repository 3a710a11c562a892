"""The catalogs: Japanese is the source text, `otit/translations/<locale>` holds the others.

`update` brings the catalogs to what the code and the templates say now, `compile` makes the files that are read,
`check` fails on a text without a translation, with a doubtful one, or with other placeholders than the source.
"""

import re
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGS = ROOT / "otit" / "translations"
FOLDERS = ("otit", "organizations", "inspections", "imports", "templates")
METHODS = [("**/migrations/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {pattern: {"extensions": "jinja2.ext.do"} for pattern in ("**.html", "**.txt")}
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "lazy_gettext", "_l", "N_")),
    **dict.fromkeys(("pgettext", "NP_"), ((1, "c"), 2)),
    "ngettext": (1, 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")


def source() -> Catalog:
    """Every text to be translated, with the places where it stands."""
    catalog = Catalog(project="otit", charset="utf-8")
    for folder in FOLDERS:
        found = extract_from_dir(ROOT / folder, METHODS, OPTIONS, KEYWORDS, ("translators:",), strip_comment_tags=True)
        for name, line, text, comments, context in sorted(found, key=lambda item: (item[0], item[1])):
            catalog.add(text, locations=[(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    return catalog


def files() -> list[Path]:
    return sorted(CATALOGS.glob("*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def update() -> int:
    current = source()
    for path in files():
        catalog = read(path)
        catalog.update(current, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalog, omit_header=False, sort_by_file=True, include_lineno=False, width=120)
    return 0


def compile_all() -> int:
    for path in files():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(path))
    return 0


def check() -> int:
    current = source()
    faults = [] if files() else [f"no catalog under {CATALOGS.relative_to(ROOT)}"]
    for path in files():
        catalog = read(path)
        for message in current:
            if message.id:
                faults.extend(f"{path.parent.parent.name}: {fault}" for fault in _faults(message, catalog))
    print("\n".join(faults) or "translations complete")
    return 1 if faults else 0


def _faults(message: Message, catalog: Catalog) -> list[str]:
    shown = repr(message.id)[:80]
    where = ":".join(map(str, message.locations[0])) if message.locations else "?"
    known = catalog.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
    if known is None or not known.string or (not isinstance(known.string, str) and not all(known.string)):
        return [f"{where}: no translation of {shown}"]
    if known.fuzzy:
        return [f"{where}: doubtful translation of {shown}"]
    wanted = _placeholders(message.id)
    if not _placeholders(known.string) <= wanted:
        return [f"{where}: other placeholders than {sorted(wanted)} in the translation of {shown}"]
    return []


def _placeholders(text: str | tuple[str, ...] | list[str]) -> set[str]:
    parts = [text] if isinstance(text, str) else text
    return {name for part in parts for name in PLACEHOLDER.findall(part)}


COMMANDS = {"update": update, "compile": compile_all, "check": check}


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        print(f"usage: python -m scripts.translations {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    return COMMANDS[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
