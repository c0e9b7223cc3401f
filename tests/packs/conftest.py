import pytest
from tests.support.catalog import fetch, tables
from tests.support.small_pack import SmallPack


@pytest.fixture
def small_pack(tmp_path):
    return SmallPack(tmp_path / "bakery")


@pytest.fixture
def unseeded_url(url: str) -> str:
    """Migrated, and without a row."""
    names = ", ".join(table for table in tables(url) if table != "alembic_version")
    fetch(url, f"TRUNCATE {names}")
    return url
