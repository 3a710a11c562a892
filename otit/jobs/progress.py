"""How far a running job is. It lives in Redis, not in the database: while a job's one transaction is open, SQLite lets
nobody else write, and a figure that changes every half second is worth no write-ahead log. Losing it costs a
percentage; the final figures are stored with the run in the transaction that does the work."""

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from otit.labels import Labelled

log = logging.getLogger(__name__)

_KEPT_SECONDS = 24 * 3600
_EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class Standing:
    """`message` is a Japanese msgid with `params`; `total` None means that the amount of work is not known yet."""

    done: int = 0
    total: int | None = None
    message: str | None = None
    params: dict[str, Any] = field(default_factory=dict)


class Progress:
    """Handed to a job function. Without a connection it only remembers (a command line, a test)."""

    def __init__(self, run_id: str, redis: "Redis | None") -> None:
        self.standing = Standing()
        self._key = progress_key(run_id)
        self._redis = redis
        self._shown_at = 0.0

    def report(
        self, done: int, total: int | None, message: str | None = None, params: Mapping[str, Any] | None = None
    ) -> None:
        """Say how far the job is; may be called for every row, as it is passed on twice a second at most.

        A message given once stays until the next one. Trouble with Redis never stops the work.
        """
        new = message is not None and message != self.standing.message
        self.standing = Standing(
            done,
            total,
            self.standing.message if message is None else message,
            self.standing.params if params is None else message_params(params),
        )
        if new or done == total or time.monotonic() - self._shown_at >= _EVERY_SECONDS:
            self._show()

    def _show(self) -> None:
        self._shown_at = time.monotonic()
        if self._redis is None:
            return
        try:
            self._redis.set(self._key, json.dumps(self.standing.__dict__, ensure_ascii=False), ex=_KEPT_SECONDS)
        except RedisError as error:
            log.warning("progress not shown: %s", error)


def json_ready(value: dict[str, Any]) -> dict[str, Any]:
    """A copy that JSON can hold; dates and the like become their text."""
    plain: dict[str, Any] = json.loads(json.dumps(value, default=str, ensure_ascii=False))
    return plain


def message_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """`json_ready` for what people read: a member of an enum becomes its word, since its code tells them nothing."""
    return json_ready({name: value.label if isinstance(value, Labelled) else value for name, value in params.items()})


def progress_key(run_id: str) -> str:
    return f"otit:job:{run_id}:progress"


def read_progress(redis: "Redis", run_id: str) -> Standing | None:
    """What a running job said last, or None when it said nothing or Redis does not answer."""
    try:
        raw = redis.get(progress_key(run_id))
    except RedisError:
        return None
    return Standing(**json.loads(raw)) if isinstance(raw, bytes) else None
