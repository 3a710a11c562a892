"""Request limits, counted in the queue's Redis so that all web processes share them; in memory while it is away."""

from flask import request
from flask_limiter import Limiter


def client_address() -> str:
    return request.remote_addr or "unknown"


limiter = Limiter(client_address, in_memory_fallback_enabled=True, swallow_errors=True, key_prefix="otit")
