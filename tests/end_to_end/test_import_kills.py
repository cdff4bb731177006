"""Imports under SIGKILL: whenever it comes, the library holds whole models, and the next import goes through."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.installed import own_folders
from models.library import load_model
from models.package import ModelImporter
from models.package.staging import PREFIX
from tests.conftest import ROOT
from tests.models.onnx_models import classifier
from tests.models.package.packages import members_1_0, tree, zipped

IMPORT = """
import sys
from pathlib import Path
from models.package import inspect_package, install

print("ready", flush=True)
with inspect_package(Path(sys.argv[1])) as inspected:
    print("inspected", flush=True)
    install(inspected)
print("installed", flush=True)
"""


def kill_and_look(times: int, chance: random.Random, tmp_path: Path) -> None:
    first = ModelImporter().import_model(zipped(tmp_path / "first.ps2model", members_1_0()))
    assert first is not None
    before = tree(first["install_dir"])
    package = zipped(tmp_path / "second.ps2model", members_1_0(classifier(4, side=64), name="Second"))
    killed = 0
    for _ in range(times):
        command = [sys.executable, "-c", IMPORT, str(package)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as importing:
            assert importing.stdout is not None
            assert importing.stdout.readline() == "ready\n"
            if chance.random() < 0.5:
                time.sleep(chance.uniform(0, 2))
            else:  # around the last step
                importing.stdout.readline()
                time.sleep(chance.uniform(0, 0.004))
            importing.kill()
        killed += importing.returncode == -9
        assert tree(first["install_dir"]) == before
        for folder in own_folders():
            load_model(folder)  # each is whole
        assert len(own_folders()) <= 2
        if len(own_folders()) == 2:  # so that there is something to interrupt
            second = next(folder for folder in own_folders() if folder != first["install_dir"])
            for file in second.iterdir():
                file.unlink()
            second.rmdir()
    assert killed > 0
    assert ModelImporter().import_model(package) is not None
    assert len(own_folders()) == 2
    assert not list(first["install_dir"].parent.glob(f"{PREFIX}*"))


def test_10_kills_leave_whole_models(tmp_path: Path) -> None:
    kill_and_look(10, random.Random(5), tmp_path)  # noqa: S311  # no secret


@pytest.mark.slow
def test_100_kills_leave_whole_models(tmp_path: Path) -> None:
    kill_and_look(100, random.Random(6), tmp_path)  # noqa: S311  # no secret
