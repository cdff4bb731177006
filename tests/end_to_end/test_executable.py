"""The frozen program in dist/, as a user gets it: what is in it, what it answers, and a real drop on its window."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from tests.conftest import ROOT
from tests.end_to_end import drag_source

pytestmark = pytest.mark.executable

T = TypeVar("T")

FOLDER = ROOT / "dist" / "sortwerk"
PROGRAM = FOLDER / ("sortwerk-cli.exe" if sys.platform == "win32" else "sortwerk")
LARGEST = 400_000_000  # bytes of all files together
UNWANTED = {"torch", "torchvision", "timm", "lightning", "tensorflow", "ray", "scipy", "skimage", "pytest", "mypy"}
FORMATS = ("PNG 24", "JPEG", "TGA 24", "DDS/DXT1")
PATIENCE = 60.0  # seconds until something that must come has not come

with_a_screen = pytest.mark.skipif(sys.platform != "linux", reason="Xvfb and xdotool are tools for X11")


@pytest.fixture(scope="session", autouse=True)
def built() -> None:
    if not PROGRAM.is_file():
        pytest.fail(f"{PROGRAM} is missing; build it with: bash packaging/test.sh")


@pytest.fixture
def pictures(data: Path, tmp_path: Path) -> list[Path]:
    """One real texture of each format, copied into a folder whose name has a space and an umlaut."""
    folder = tmp_path / "Böden and walls"
    folder.mkdir()
    with (data / "textures" / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"]
    names = [next(row["file"] for row in rows if row["format"] == wanted) for wanted in FORMATS]
    return [Path(shutil.copy(data / "textures" / name, folder)) for name in names]


def classify(command: list[str | Path], paths: list[Path], cwd: Path = ROOT) -> tuple[int, dict[str, Any]]:
    """Exit status and the printed objects by path; every line of standard output must be one."""
    done = subprocess.run(
        [*command, "classify", "--json", *paths], check=False, cwd=cwd, capture_output=True, text=True, timeout=120
    )
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode in {0, 1}, done.stderr
    return done.returncode, {item["path"]: item for item in objects}


def test_size() -> None:
    assert sum(path.lstat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= LARGEST


def test_holds_nothing_unwanted() -> None:
    lent = {FOLDER / "_internal" / "engine_sources", FOLDER / "_internal" / "assets" / "engine"}
    paths = [path for path in FOLDER.rglob("*") if not lent & {path, *path.parents}]
    parts = {part.split(".")[0].lower() for path in paths for part in path.relative_to(FOLDER).parts}
    assert parts & UNWANTED == set()
    assert [path for path in paths if "torch" in path.name.lower()] == []


def test_every_link_leads_somewhere() -> None:
    assert [path for path in FOLDER.rglob("*") if path.is_symlink() and not path.exists()] == []


def test_knows_its_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    done = subprocess.run([PROGRAM, "--version"], check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout == f"sortwerk {version}\n"


def test_doctor_finds_nothing_wrong() -> None:
    done = subprocess.run([PROGRAM, "doctor"], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_answers_as_the_sources_do(pictures: list[Path], tmp_path: Path) -> None:
    status, frozen = classify([PROGRAM], pictures, cwd=tmp_path)
    assert status == 0
    assert set(frozen) == {str(path) for path in pictures}
    for item in frozen.values():
        confidences = [prediction["confidence"] for prediction in item["predictions"]]
        assert confidences == sorted(confidences, reverse=True)
        assert 0 < confidences[0] <= 1
    assert classify([sys.executable, "-m", "desktop"], pictures) == (0, frozen)


def test_a_damaged_file_is_told_and_stops_nothing(pictures: list[Path], tmp_path: Path) -> None:
    damaged = pictures[0].with_name("damaged.png")
    damaged.write_bytes(pictures[0].read_bytes()[:100])
    status, items = classify([PROGRAM], [damaged, *pictures], cwd=tmp_path)
    assert status == 1
    assert "damaged.png" in items[str(damaged)]["error"]
    assert all("predictions" in items[str(path)] for path in pictures)


@pytest.fixture
def display() -> Iterator[str]:
    """An X server of the test's own, so that its mouse is nobody else's."""
    reader, writer = os.pipe()
    screen = ["-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), *screen], pass_fds=[writer], stderr=subprocess.DEVNULL
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        name = f":{pipe.readline().strip()}"
    yield name
    server.terminate()
    server.wait()


@pytest.fixture
def start(display: str) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts programs on the display; they are ended with the test."""
    started: list[subprocess.Popen[str]] = []
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}

    def start_one(*command: str | Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start_one
    for process in started:
        process.terminate()
        process.communicate(timeout=PATIENCE)


class Mouse:
    """xdotool on one display."""

    def __init__(self, display: str) -> None:
        self._environment = {**os.environ, "DISPLAY": display}

    def do(self, *arguments: object) -> str:
        """Run one xdotool command; what it prints ("" when it finds nothing)."""
        command = ["xdotool", *map(str, arguments)]
        done = subprocess.run(command, check=False, env=self._environment, capture_output=True, text=True, timeout=30)
        return done.stdout.strip()

    def window(self, title: str) -> str:
        """The id of the visible window whose title matches, as soon as there is one."""
        return wait_for(lambda: self.do("search", "--onlyvisible", "--name", title))

    def drag(self, start: tuple[int, int], end: tuple[int, int], steps: int = 12) -> None:
        """Press at ``start``, move to ``end`` as a hand does, release."""
        self.do("mousemove", *start, "mousedown", 1)
        for step in range(1, steps + 1):
            x, y = (round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True))
            self.do("mousemove", x, y, "sleep", 0.03)
        # The window under the mouse answers each step; the last answer decides whether a release is a drop.
        self.do("sleep", 0.3, "mouseup", 1)


def wait_for(look: Callable[[], T]) -> T:
    """The first result of ``look`` that is true."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.05)
    return found


def cached_embeddings(workspace: Path) -> int:
    """How many pictures the program has looked at, as its database says."""
    path = workspace / "cache.sqlite"
    if not path.exists():
        return 0
    with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE name = 'embeddings'")]
        return database.execute("SELECT count(*) FROM embeddings").fetchone()[0] if tables else 0


@with_a_screen
def test_a_real_drop(
    display: str, start: Callable[..., subprocess.Popen[str]], pictures: list[Path], workspace: Path
) -> None:
    mouse = Mouse(display)
    folder = pictures[0].parent
    source = start(sys.executable, drag_source.__file__, folder)
    handle = mouse.window(f"^{drag_source.TITLE}$")
    mouse.do("windowmove", "--sync", handle, 1920 - drag_source.SIDE, 0)

    # Dropped as soon as the window is there, when the heavy libraries are not: the drop must be kept.
    program = start(PROGRAM)
    window = mouse.window("^Sortwerk")
    mouse.drag((1920 - drag_source.SIDE // 2, drag_source.SIDE // 2), (700, 500))

    assert source.stdout is not None
    assert source.stdout.readline() == "CopyAction\n"
    wait_for(lambda: mouse.do("getwindowname", window) == f"Sortwerk \N{EN DASH} {folder.name}")
    wait_for(lambda: cached_embeddings(workspace) == len(pictures))
    assert program.poll() is None
    assert "torch" not in Path(f"/proc/{program.pid}/maps").read_text(encoding="utf-8")
    log = workspace / "sortwerk.log"
    assert not log.exists() or log.read_text(encoding="utf-8") == ""


def test_a_package_is_made_checked_in_a_child_and_answers_alike(pictures: list[Path], tmp_path: Path) -> None:
    """The child process is the executable itself; what it loads by name must be in it."""
    package = tmp_path / "mine.ps2model"

    def run(*arguments: str | Path, home: str) -> str:
        environment = os.environ | {"SORTWERK_HOME": str(tmp_path / home)}
        done = subprocess.run(
            [PROGRAM, *arguments], check=False, capture_output=True, text=True, timeout=120, env=environment
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("models", "export", "starter", package, home="first")
    folder = run("models", "import", package, home="second").strip()
    checks = json.loads(run("models", "validate", folder, "--json", home="second"))["checks"]
    assert {one["outcome"] for one in checks} <= {"pass", "not applicable"} or [
        one["name"] for one in checks if one["outcome"] == "fail"
    ] == ["Answers in time"]  # a busy machine

    def answers(home: str, *more: str | Path) -> list[dict[str, Any]]:
        lines = run("classify", "--json", *pictures, *more, home=home).splitlines()
        return sorted((json.loads(line) for line in lines), key=lambda one: str(one["path"]))

    assert answers("first") == answers("second", "--model", folder)


def test_serves_with_its_page_of_documentation(tmp_path: Path) -> None:
    with subprocess.Popen(
        [PROGRAM, "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"SORTWERK_HOME": str(tmp_path)},
    ) as server:
        try:
            assert server.stderr is not None
            address = next(word for word in server.stderr.readline().split() if word.startswith("http")).rstrip(").")
            for page in ("health", "openapi.json", "docs"):
                assert httpx.get(f"{address}/{page}", timeout=PATIENCE).status_code == 200, page
        finally:
            server.terminate()
            server.communicate(timeout=PATIENCE)
