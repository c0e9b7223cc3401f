import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from tests.support.postgres_running import Program, forget, is_over, until

from bullpen.kit.postgres import EmbeddedPostgres


@pytest.fixture(scope="session")
def whole_cluster(tmp_path_factory):
    """A data folder that initdb has been run for."""
    folder = tmp_path_factory.mktemp("whole") / "data"
    EmbeddedPostgres.start(folder).stop()
    yield folder
    forget(folder)


@pytest.fixture
def folders(tmp_path):
    """Makes data folders, and in the end proves that nothing works in them any more."""
    made = []

    def make(name="data", *, parent=tmp_path, like=None):
        folder = parent / name
        if like is not None:
            folder.parent.mkdir(parents=True, exist_ok=True)
            # By cp, which keeps the owner.
            subprocess.run(["cp", "-a", like, folder], check=True)
        made.append(folder)
        return folder

    yield make
    for folder in made:
        if folder.is_dir() and os.access(folder, os.W_OK):
            until(lambda folder=folder: is_over(folder))
        forget(folder)


@pytest.fixture
def new_folder(folders):
    return folders()


@pytest.fixture
def data_dir(whole_cluster):
    """One for all tests that leave it as it was: it is stopped when they begin and end."""
    yield whole_cluster
    until(lambda: is_over(whole_cluster))


@pytest.fixture
def own_data_dir(folders, whole_cluster):
    """One to do harm to."""
    return folders(like=whole_cluster)


@pytest.fixture
def start(folders):
    """Starts servers in this process, and stops them in the end."""
    started = []

    def begin(data_dir, **options):
        started.append(EmbeddedPostgres.start(data_dir, **options))
        return started[-1]

    yield begin
    for server in started:
        server.stop()


@pytest.fixture
def program(folders):
    """Starts programs of their own on a data folder, and ends them in the end."""
    started = []

    def begin(data_dir, how="", before=(), environment=None):
        started.append(Program(data_dir, how, before, environment or {}))
        return started[-1]

    yield begin
    for one in started:
        one.end()


@pytest.fixture
def open_folder():
    """A folder that every user can enter, which tmp_path is not."""
    folder = Path(tempfile.mkdtemp(prefix="bullpen-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
