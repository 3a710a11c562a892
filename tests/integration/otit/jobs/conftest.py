"""A real queue, empty at the start of each test, bound to the test's database."""

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from redis import Redis
from rq import Queue

from otit.auth.actors import system_actor
from otit.db import db
from otit.jobs import queue as jobs
from tests import job_kinds, services

assert job_kinds
ACTOR = system_actor("test")


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    with services.valkey_server() as url:
        yield f"{url}?db={int(worker.removeprefix('gw')) + 1}"


@pytest.fixture
def queue(app: Flask, redis_url: str) -> Iterator[Queue]:
    """The test database's queue; in the end it is unreachable again."""
    connected = jobs.connect(db.engine, redis_url)
    connected.connection.flushdb()
    yield connected
    connected.connection.close()
    jobs.connect(db.engine, "unix:///nowhere/redis.sock")


@pytest.fixture
def redis(queue: Queue) -> Redis:
    return queue.connection
