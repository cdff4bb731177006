import json
from pathlib import Path

from tests.desktop.cli.program import sortwerk


def test_all_is_well(workspace: Path) -> None:
    done = sortwerk("doctor")
    assert done.returncode == 0, done.stdout
    assert str(workspace) in done.stdout
    assert all(line.startswith("ok  ") for line in done.stdout.splitlines())


def test_json(workspace: Path) -> None:
    workspace.write_text("in the way")
    done = sortwerk("doctor", "--json")
    assert done.returncode == 1
    bad = [finding for finding in json.loads(done.stdout) if not finding["good"]]
    assert [finding["name"] for finding in bad] == ["Workspace"]
    assert "SORTWERK_HOME" in bad[0]["advice"]
