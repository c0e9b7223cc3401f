import pytest
from tests.support.lab import make_lab


@pytest.fixture
def lab(run_sql) -> str:
    return make_lab(run_sql)
