"""The mutation run of `make soak` cannot rot: each of its edits stands exactly once in the source."""

from __future__ import annotations

import pytest

from tests.soak.__main__ import unfit
from tests.soak.mutations import MUTATIONS, Mutation


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.what)
def test_each_mutation_fits_the_source(mutation: Mutation) -> None:
    assert unfit(mutation) is None
    assert all(old != new for _, old, new in mutation.edits)
