"""The databases in whose columns values must survive."""

from tests.conformance.conftest import engine

__all__ = ["engine"]
