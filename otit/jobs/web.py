"""The web server: waitress beside SQLite and under the supervisor, gunicorn in production."""

import logging
import os
import signal
import socket
import sys
from typing import Any

import waitress
from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from otit.config import MIB, Settings
from otit.db import db
from otit.errors import ConfigurationError

_THREADS = 8


def listening_socket(host: str, port: int) -> socket.socket:
    """Bind the address before anything is started. Raises ConfigurationError that says what to do when it is taken."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        raise ConfigurationError(
            f"PORT: {host}:{port} cannot be used: {error.strerror or error}. "
            "Another program may be using it; choose another one, e.g. PORT=9000"
        ) from error
    return listener


def serve_waitress(app: Flask, settings: Settings, listener: socket.socket) -> None:
    """Answer requests until SIGTERM, then finish those that run."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # Every request that has to wait for a thread would be a warning, from the first page on.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.serve(
        app,
        sockets=[listener],
        threads=_THREADS,
        ident=None,
        max_request_body_size=settings.upload_limit + 16 * MIB,
        # Behind a trusted proxy ProxyFix needs these headers; without one they are forged.
        clear_untrusted_proxy_headers=settings.trusted_proxies == 0,
    )


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.options = options
        self.application = app
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.application


def serve_gunicorn(app: Flask, settings: Settings) -> None:
    """Several processes with threads: as many as WEB_CONCURRENCY says, else two for each CPU."""
    processes = settings.web_processes or 2 * (os.cpu_count() or 1)

    def after_fork(_server: object, _worker: object) -> None:
        with app.app_context():
            db.engine.dispose(close=False)

    options = {
        "bind": f"{settings.host}:{settings.port}",
        "workers": processes,
        "worker_class": "gthread",
        "threads": 4,
        "post_fork": after_fork,
        "control_socket_disable": True,
        "timeout": 60,
        "graceful_timeout": 20,
    }
    _Gunicorn(app, options).run()


def serve(app: Flask, settings: Settings) -> None:
    """`otit web`: SQLite allows one writer, so one process serves it; PostgreSQL takes as many as there are."""
    if settings.is_sqlite:
        serve_waitress(app, settings, listening_socket(settings.host, settings.port))
    else:
        serve_gunicorn(app, settings)
