"""What a command must not pay for before it does anything."""

from __future__ import annotations

import subprocess
import sys


def test_a_command_that_asks_no_feed_does_not_load_the_library_of_the_web():
    code = "import sys, kcc_etl.cli; sys.exit('httpx' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
