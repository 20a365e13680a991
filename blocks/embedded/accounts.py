"""As whom the embedded services run, and what of the file system that account may reach.

PostgreSQL refuses to run as root. For root there is a system user of our own, whose data and copy
of the PostgreSQL programs lie in one system place. No permission outside it is ever changed.
"""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from blocks.embedded.faults import CannotStartError
from blocks.settings import Settings


def prepare_home(settings: Settings) -> None:
    """Make the home and its folders. Raises CannotStartError when the service user cannot enter."""
    settings.home.mkdir(mode=0o755, parents=True, exist_ok=True)
    for folder in ("log", "store", "prefect", "tmp"):
        (settings.home / folder).mkdir(mode=0o700, exist_ok=True)
    # PostgreSQL reads its own start script there as its own user.
    (settings.home / "run").mkdir(mode=0o755, exist_ok=True)
    if account := service_account(settings):
        require_path(settings.home, account)


def service_account(settings: Settings) -> pwd.struct_passwd | None:
    """Return the account PostgreSQL must run as, made now if need be; None for ourselves."""
    if os.geteuid() != 0:
        return None
    name = settings.service_user
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    try:
        return pwd.getpwnam(name)
    except KeyError:
        made = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        # Two starts at once: one of them made the user, the other one was told that it exists.
        return pwd.getpwnam(name)
    except KeyError:
        message = f"cannot make the system user {name}: {made.stderr.strip()}"
        raise CannotStartError(message) from None


def system_copy(programs: Path, libraries: Path, name: str) -> Path:
    """Copy a wheel's programs to the system place once; return the copy's `bin` folder.

    The wheel may lie under a private home that the service user cannot enter.
    """
    copy = Path("/var/lib/obmen") / name
    if not copy.exists():
        draft = copy.with_name(f"{name}.{os.getpid()}")
        shutil.copytree(programs, draft / programs.parent.name / programs.name, symlinks=True)
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        _let_everyone_read(draft)
        try:
            draft.rename(copy)
        except OSError:
            # Another start made the same copy in the meantime: theirs is as good as ours.
            shutil.rmtree(draft)
    return copy / programs.parent.name / programs.name / "bin"


def require_path(home: Path, account: pwd.struct_passwd) -> None:
    """Raise CannotStartError unless this account may walk down to `home`; change nothing."""
    groups = os.getgrouplist(account.pw_name, account.pw_gid)
    for folder in [*reversed(home.absolute().parents), home]:
        if not _may_enter(folder.stat(), account.pw_uid, groups):
            message = (
                f"user {account.pw_name}, as whom PostgreSQL runs, cannot enter {folder}. "
                f"Unset OBMEN_HOME to keep data under /var/lib/obmen, or choose a home that "
                f"this user can reach; its permissions are not changed for you"
            )
            raise CannotStartError(message)


def _may_enter(status: os.stat_result, user: int, groups: list[int]) -> bool:
    if status.st_uid == user:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid in groups:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _let_everyone_read(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            is_program = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if is_program else 0o644)
