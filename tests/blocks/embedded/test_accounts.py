"""As whom the services run, and what of the file system they leave as it was."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from blocks.embedded import postgresql
from blocks.embedded.accounts import prepare_home, require_path
from blocks.embedded.faults import CannotStartError
from blocks.embedded.services import bring_up
from blocks.settings import PROJECT, Settings
from tests.homes import own_home, settings_on_free_ports

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="root's case; we are a normal user")
NOBODY = 65534


def modes_outside(settings: Settings) -> dict[Path, tuple[int, int]]:
    """Return mode and owner of all that a start could be tempted to open to another user."""
    package = Path(postgresql.__file__).parent
    wheel = Path(sys.prefix)
    places = {PROJECT, wheel, package, Path.home(), Path("/var/lib"), settings.home.parent}
    places |= {parent for place in (PROJECT, wheel, settings.home) for parent in place.parents}
    places |= set((wheel / "bin").iterdir()) | set(PROJECT.iterdir())
    return {place: (place.lstat().st_mode, place.lstat().st_uid) for place in places}


def test_a_start_changes_no_permission_outside_its_home() -> None:
    with own_home() as settings:
        before = modes_outside(settings)

        bring_up(settings, {"postgresql"})

        assert before == modes_outside(settings)


@only_root
def test_root_runs_postgresql_as_a_user_that_cannot_log_in() -> None:
    with own_home() as settings:
        bring_up(settings, {"postgresql"})
        pid = postgresql.server_pid(postgresql.data_folder(settings))

        assert pid is not None
        assert psutil.Process(pid).username() == settings.service_user
        assert pwd.getpwnam(settings.service_user).pw_shell.endswith("nologin")


@pytest.fixture
def private_folder() -> Iterator[Path]:
    """A folder that nobody but its owner can enter."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    shutil.rmtree(folder)


@only_root
def test_a_home_that_the_service_user_cannot_reach_is_an_error_not_a_chmod(
    private_folder: Path,
) -> None:
    settings = settings_on_free_ports(private_folder / "home")
    before = private_folder.stat().st_mode

    with pytest.raises(CannotStartError, match=f"obmen.*cannot enter {private_folder}.*OBMEN_HOME"):
        prepare_home(settings)

    assert before == private_folder.stat().st_mode


@pytest.mark.parametrize(
    ("mode", "may_enter"), [(0o755, True), (0o711, True), (0o700, False), (0o744, False)]
)
def test_a_path_is_open_when_each_folder_may_be_entered(
    private_folder: Path, mode: int, *, may_enter: bool
) -> None:
    stranger = pwd.getpwuid(NOBODY if os.geteuid() != NOBODY else 1)
    private_folder.chmod(mode)

    if may_enter:
        require_path(private_folder, stranger)
    else:
        with pytest.raises(CannotStartError):
            require_path(private_folder, stranger)

    private_folder.chmod(0o700)


def may_run_python(user: int) -> bool:
    """Say whether this user can reach the interpreter and the libraries the tests run on."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", "import pydantic"], user=user, capture_output=True, check=False
        )
    except PermissionError:
        return False
    return done.returncode == 0


@only_root
def test_a_normal_user_runs_postgresql_as_itself(private_folder: Path) -> None:
    if not may_run_python(NOBODY):
        pytest.skip("this Python lies in a folder that other users cannot enter")
    private_folder.chmod(0o755)
    home = private_folder / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    script = (
        "import os, psutil, sys; from pathlib import Path;"
        f"os.setgid({NOBODY}); os.setuid({NOBODY});"
        "from blocks.embedded import postgresql;"
        "from blocks.embedded.services import bring_up, take_down;"
        "from tests.homes import settings_on_free_ports;"
        "settings = bring_up(settings_on_free_ports(Path(sys.argv[1])), {'postgresql'});"
        "pid = postgresql.server_pid(postgresql.data_folder(settings));"
        "print(psutil.Process(pid).uids().real);"
        "take_down(settings)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(home)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": "/"},
    )

    assert (done.stdout.strip(), done.returncode) == (str(NOBODY), 0), done.stderr
