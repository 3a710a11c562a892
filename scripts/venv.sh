#!/bin/sh
# Make the environment $1 with the interpreter $2, or say in one line what is missing and how to get it.
set -eu
venv=$1
python=$2

if ! command -v "$python" >/dev/null 2>&1; then
    echo "make: $python is not here. Install Python 3.11 or newer, or name one: make PYTHON=python3.12 ..." >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "make: Python 3.11 or newer is needed, this is $("$python" --version). Name another one: make PYTHON=python3.12 ..." >&2
    exit 1
fi
if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$python" -m venv "$venv"
elif command -v uv >/dev/null 2>&1; then
    uv venv --quiet --seed --python "$python" "$venv"
elif "$python" -m pip --version >/dev/null 2>&1 && "$python" -m venv --without-pip "$venv" 2>/dev/null; then
    "$python" -m pip --quiet --python "$venv/bin/python" install pip
else
    echo "make: this Python cannot make environments. On Debian and Ubuntu: apt-get install python3-venv" >&2
    exit 1
fi
