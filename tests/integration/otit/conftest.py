"""The queue of the test's database, and its absence."""

from collections.abc import Iterator

import pytest
from redis import Redis
from rq import Queue
from sqlalchemy.orm import Session

from otit.db import db
from otit.jobs import queue as jobs
from tests import job_kinds

assert job_kinds  # declares the kinds that the tests ask for


@pytest.fixture
def queue(session: Session) -> Queue:
    """Empty at the start of each test."""
    connected = jobs.queue_of(session)
    assert connected is not None
    connected.connection.flushdb()
    return connected


@pytest.fixture
def redis(queue: Queue) -> Redis:
    return queue.connection


@pytest.fixture
def no_redis(queue: Queue, redis_url: str) -> Iterator[None]:
    """The server is away."""
    jobs.connect(db.engine, "unix:///nowhere/redis.sock")
    yield
    jobs.connect(db.engine, redis_url)
