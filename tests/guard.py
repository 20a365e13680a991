"""Takes a test session's services down when the session ends, however it ends.

It waits for the end of its standard input, which closes with the process that holds the other end:
also when that process is killed.
"""

import shutil
import sys
from pathlib import Path

from blocks.embedded.supervisor import Supervisor
from blocks.settings import Settings

if __name__ == "__main__":
    home = Path(sys.argv[1])
    sys.stdin.read()
    if home.exists():
        Supervisor(Settings.load(home)).stop()
        shutil.rmtree(home)
