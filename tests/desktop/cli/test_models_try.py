import json
from pathlib import Path

import cv2

from tests.conftest import ROOT
from tests.desktop.cli.program import sortwerk
from tests.models import onnx_models
from tests.models.made_models import PLAIN, make, pictures, write

PICTURE = ROOT / "assets" / "samples" / "deck_boards.jpg"


def test_the_form_for_programs_is_that_of_classify() -> None:
    tried = sortwerk("models", "try", "starter", PICTURE, "--json")
    classified = sortwerk("classify", PICTURE, "--json")
    assert tried.returncode == 0
    one, other = json.loads(tried.stdout), json.loads(classified.stdout)
    assert list(one) == list(other)
    assert one["category"] == other["category"]
    assert [p["category"] for p in one["predictions"]] == [p["category"] for p in other["predictions"]]


def test_answers_are_painted_into_a_folder_under_names_of_their_own(tmp_path: Path) -> None:
    make(tmp_path / "model", "mask")
    first, second = tmp_path / "one", tmp_path / "two"
    pictures(first, 1)
    pictures(second, 1)
    (first / "no.png").write_text("no picture")
    done = sortwerk("models", "try", tmp_path / "model", first, second, "--pictures", tmp_path / "painted")
    assert done.returncode == 1
    assert "no.png" in done.stderr
    assert "3 files: 2 answered, 1 without an answer." in done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["part", "part"]
    painted = sorted(path.name for path in (tmp_path / "painted").iterdir())
    assert painted == ["0 (2).png", "0.png"]
    assert cv2.imread(str(tmp_path / "painted" / "0.png")).shape == (40, 48, 3)


def test_colours_are_wished_for_and_others_are_refused(tmp_path: Path) -> None:
    how = {**PLAIN, "colours_input": "target_colors", "colours": [[1, 2, 3], [4, 5, 6]], "colours_scale": 1 / 255}
    network = onnx_models.colour_transfer(side=PLAIN["side"])
    write(tmp_path / "model", network, [{"name": "painted", "kind": "image"}], how)
    (picture,) = pictures(tmp_path / "pictures", 1)
    ask = ["models", "try", str(tmp_path / "model"), str(picture), "--pictures"]
    for name, colour in (("red", "255,0,0"), ("blue", "#0000FF")):
        done = sortwerk(*ask, str(tmp_path / name), "--colour", colour, "--colour", colour)
        assert done.returncode == 0
        assert done.stdout.startswith("a picture of 32 × 32  ")
    red, blue = (cv2.imread(str(tmp_path / name / "0.png")).mean(axis=(0, 1)) for name in ("red", "blue"))
    assert red[2] > blue[2]
    assert blue[0] > red[0]

    one = sortwerk(*ask, str(tmp_path / "x"), "--colour", "1,2,3")
    assert one.returncode == 2
    assert "takes 2 of them" in one.stderr
    wrong = sortwerk(*ask, str(tmp_path / "x"), "--colour", "300,0,0")
    assert wrong.returncode == 2
    assert "300,0,0 is no colour" in wrong.stderr
    assert not (tmp_path / "x").exists()
