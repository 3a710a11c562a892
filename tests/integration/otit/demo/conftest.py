from tests.demonstration import loaded, shared_app

__all__ = ["loaded", "shared_app"]
