"""``sortwerk serve``: how it refuses to start. What it does once it runs is in tests/end_to_end/test_serve.py."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.desktop.cli.program import sortwerk


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = sortwerk("serve", "--port", str(port))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == f"Port {port} is in use by another program; choose another one with --port, or 0 for any.\n"


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "x" * 300])
def test_an_address_that_is_not_this_computer_s_is_one_sentence(host: str) -> None:
    done = sortwerk("serve", "--host", host, "--port", "0")
    assert done.returncode == 3
    assert done.stderr.startswith(f"It can't listen at {host}, port 0 (")
    assert done.stderr.endswith("; choose another --host or --port.\n")
    assert done.stderr.count("\n") == 1


def test_a_model_that_is_not_there_is_one_sentence(workspace: Path) -> None:
    done = sortwerk("serve", "--model", "Bricks", "--port", "0")
    assert done.returncode == 3
    assert done.stderr.startswith("There is no model Bricks;")


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--token", "two words"], ["--token", "gehörnt"]])
def test_wrong_use(arguments: list[str]) -> None:
    done = sortwerk("serve", *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("missing", ["fastapi", "fastapi_offline", "uvicorn"])
def test_without_the_extra_it_says_what_to_install(missing: str, workspace: Path) -> None:
    # None in sys.modules is how Python itself marks a module that can't be imported.
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from desktop.__main__ import main\nsys.exit(main(['serve', '--port', '0']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT, env=dict(os.environ)
    )
    assert done.returncode == 3
    assert done.stderr == "The server is not installed; install it with: pip install 'sortwerk[server]'.\n"
