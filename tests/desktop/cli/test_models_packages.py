from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import ROOT
from tests.desktop.cli.program import sortwerk
from tests.models.onnx_models import classifier, save
from tests.models.package.packages import NAMES, members_1_0, zipped

PICTURE = ROOT / "assets" / "samples" / "deck_boards.jpg"


def test_out_in_shown_and_asked(tmp_path: Path, workspace: Path) -> None:
    package = tmp_path / "mine.ps2model"
    out = sortwerk("models", "export", "starter", package, "--name", "Mine", "--author", "Anna", "--sign")
    assert (out.returncode, out.stdout) == (0, f"{package}\n")
    assert "somebody who has one of them can tell" in out.stderr
    assert "Signed with your key" in out.stderr
    came = sortwerk("models", "import", package)
    assert came.returncode == 0, came.stderr
    folder = Path(came.stdout.strip())
    assert folder.parent == workspace / "models"
    again = sortwerk("models", "import", package)
    assert (again.stdout, again.stderr) == (came.stdout, "mine.ps2model is installed already.\n")
    shown = sortwerk("models", "show", "Mine")
    assert shown.returncode == 0
    assert "answers    material (categories, 14 categories)" in shown.stdout
    assert "signed     by the holder of the key" in shown.stdout
    card = json.loads(sortwerk("models", "show", "mine", "--json").stdout)
    assert (card["name"], card["author"], card["signature"], card["learns"]) == ("Mine", "Anna", "valid", True)
    asked = [sortwerk("classify", PICTURE, "--model", model, "--json").stdout for model in ("mine", "starter")]
    assert asked[0] == asked[1]


def test_without_its_state_it_is_small(tmp_path: Path) -> None:
    large, small = tmp_path / "a.ps2model", tmp_path / "b.ps2model"
    assert sortwerk("models", "export", "starter", large).returncode == 0
    done = sortwerk("models", "export", "starter", small, "--without-state", "--licence", "CC0")
    assert (done.returncode, done.stderr) == (0, "")
    assert small.stat().st_size < large.stat().st_size / 2
    refused = sortwerk("models", "export", "starter", small, "--sign")
    assert refused.returncode == 2
    assert "--sign needs --author" in refused.stderr


def test_a_plain_network_with_its_categories(tmp_path: Path) -> None:
    path, names = save(classifier(4), tmp_path / "walls.onnx"), tmp_path / "names.txt"
    names.write_text("\n".join(NAMES) + "\n", encoding="utf-8")
    came = sortwerk("models", "import", path, "--categories-file", names, "--name", "Walls", "--json")
    assert came.returncode == 0, came.stderr
    folder = Path(json.loads(came.stdout)["folder"])
    assert json.loads((folder / "metadata.json").read_text())["heads"][0]["categories"] == list(NAMES)
    asked = json.loads(sortwerk("classify", PICTURE, "--model", "walls", "--json").stdout)
    assert asked["predictions"][0]["category"] in NAMES
    short = sortwerk("models", "import", path, "--categories", "a,b")
    assert short.returncode == 3
    assert "4 numbers a picture for 2 categories" in short.stderr


def test_what_is_refused_is_said_and_the_rest_comes_in(tmp_path: Path, workspace: Path) -> None:
    good, bad = zipped(tmp_path / "good.ps2model", members_1_0()), tmp_path / "bad.ps2model"
    bad.write_bytes(good.read_bytes()[:-50])
    done = sortwerk("models", "import", bad, good)
    assert done.returncode == 1
    assert "bad.ps2model is not a zip archive, or a damaged one" in done.stderr
    assert [one.name for one in (workspace / "models").iterdir()] == [Path(done.stdout.strip()).name]
    alone = sortwerk("models", "import", bad, "--json")
    assert alone.returncode == 3
    assert "a damaged one" in json.loads(alone.stdout)["error"]


def test_rename_remove_and_restore(tmp_path: Path) -> None:
    folder = sortwerk("models", "new", "Cards").stdout.strip()
    assert sortwerk("models", "rename", "cards", "Decks").stderr == "It is called Decks now.\n"
    unasked = sortwerk("models", "remove", "decks")  # nobody is there to say yes
    assert (unasked.returncode, unasked.stderr.splitlines()[-1]) == (1, "Nothing was removed; add --yes to do so.")
    assert Path(folder).is_dir()
    removed = sortwerk("models", "remove", "Decks", "--yes")
    token = removed.stdout.strip()
    assert removed.stderr == f"It is removed; bring it back with: sortwerk models restore {token}\n"
    assert not Path(folder).exists()
    assert sortwerk("models", "restore", token).stdout == f"{folder}\n"
    assert "Decks" in sortwerk("models", "list").stdout
    assert sortwerk("models", "restore").stderr == "No removed model is left to bring back.\n"
