"""For any WSGI server: `gunicorn wsgi:app`. `otit web` does the same with the settings that fit."""

import os

from otit.app import create_app
from otit.config import load_settings

app = create_app(load_settings(os.environ))
