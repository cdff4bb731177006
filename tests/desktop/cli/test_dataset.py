from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from models.database import open_workspace
from tests.conftest import ROOT
from tests.desktop.cli.program import SORTWERK, sortwerk

README = {
    "textures": (1160, {"category": 1160}),
    "parts": (3600, {"part": 3600, "color": 2640}),
    "furniture": (84, {"recoloured": 28, "component": 84, "instances": 84}),
    "photometric": (48, {"normals": 48, "reflectance": 48, "object": 48}),
}


@pytest.mark.parametrize("name", README)
def test_the_real_sets_in_shown_and_out(name: str, data: Path, tmp_path: Path) -> None:
    items, labels = README[name]
    came = sortwerk("dataset", "import", data / name, "--json")
    assert came.returncode == 0, came.stderr
    facts = json.loads(came.stdout)
    assert (facts["name"], facts["items"], facts["labels"]) == (name, items, labels)
    shown = json.loads(sortwerk("dataset", "show", name, "--json").stdout)
    assert shown["items"] == items
    assert {head["name"]: head["labelled"] for head in shown["heads"]} == labels
    sent = sortwerk("dataset", "export", name, tmp_path / "out", "--json")
    assert sent.returncode == 0, sent.stderr
    assert json.loads(sent.stdout) == {
        "folder": str(tmp_path / "out"),
        "format": "layout",
        "items": items,
        "problems": [],
    }
    again = json.loads(sortwerk("dataset", "import", tmp_path / "out", "--name", "Again", "--json").stdout)
    assert (again["format"], again["items"], again["labels"], again["problems"]) == ("layout", items, labels, [])


def test_cards_keep_everything_in_our_own_layout(data: Path, tmp_path: Path) -> None:
    came = json.loads(sortwerk("dataset", "import", data / "cards", "--json").stdout)
    assert (came["items"], came["labels"]["defects"], came["labels"]["border"]) == (200, 200, 200)
    sent = json.loads(sortwerk("dataset", "export", "cards", tmp_path / "out", "--json").stdout)
    assert (sent["items"], sent["problems"]) == (200, [])
    again = json.loads(sortwerk("dataset", "import", tmp_path / "out", "--name", "Again", "--json").stdout)
    assert (again["format"], again["items"], again["labels"]) == ("layout", 200, came["labels"])


@pytest.mark.slow
@pytest.mark.parametrize("name", [*README, "cards"])
def test_the_real_sets_are_checked(name: str, data: Path) -> None:
    sortwerk("dataset", "import", data / name)
    done = sortwerk("dataset", "check", name, "--json")
    assert done.returncode in (0, 1), done.stderr
    found = json.loads(done.stdout)
    assert found["pictures"] == (README[name][0] if name in README else 200)
    assert bool(found["findings"]) == (name != "cards"), found["findings"]


def test_a_folder_is_added_to_a_dataset_with_its_labels(data: Path, tmp_path: Path) -> None:
    for folder, categories in (("first", ("brick", "wood")), ("more", ("wood", "sky"))):
        for category in categories:
            (tmp_path / folder / category).mkdir(parents=True)
            pictures = sorted((data / "textures" / category).iterdir())
            for file in pictures[:3] if folder == "first" else pictures[2:5]:
                (tmp_path / folder / category / file.name).write_bytes(file.read_bytes())
    assert sortwerk("dataset", "import", tmp_path / "first", "--name", "Walls").stdout == "1\n"
    done = json.loads(sortwerk("dataset", "import", tmp_path / "more", "--into", "walls", "--json").stdout)
    assert (done["id"], done["items"], done["known"], done["labels"]) == (1, 5, 1, {"category": 6})
    shown = json.loads(sortwerk("dataset", "show", "walls", "--json").stdout)
    assert shown["items"] == 11
    both = sortwerk("dataset", "import", tmp_path / "more", "--into", "walls", "--name", "Other")
    assert both.returncode == 2
    gone = sortwerk("dataset", "import", tmp_path / "more", "--into", "nothing")
    assert (gone.returncode, gone.stderr) == (3, "There is no dataset nothing; there are: Walls.\n")


def test_cards_as_other_programs_read_them(data: Path, tmp_path: Path) -> None:
    came = sortwerk("dataset", "import", data / "cards")
    assert (came.returncode, came.stdout) == (0, "1\n")
    assert "left out" not in came.stderr  # severities and margins come in too
    sent = sortwerk("dataset", "export", "CARDS", tmp_path / "coco", "--format", "coco", "--split", "val")
    assert (sent.returncode, sent.stdout) == (0, f"{tmp_path / 'coco'}\n")
    assert "COCO knows a mask as a region for each category: the defect mask of 30 pictures would come" in sent.stderr
    document = json.loads((tmp_path / "coco" / "annotations" / "defects_val.json").read_text())
    assert (len(document["images"]), len(document["annotations"])) == (30, 63)
    assert all(1 <= one["labels"]["corner top left"] <= 10 for one in document["images"])
    said = sortwerk("dataset", "show", "cards").stdout
    assert "splits     train 140, val 30, test 30" in said
    refused = sortwerk("dataset", "export", "cards", tmp_path / "coco")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "is there already; name a folder that is not, or an empty one." in refused.stderr


@pytest.mark.skipif(os.name == "nt", reason="stops by signal")
def test_ctrl_c_leaves_nothing(data: Path, tmp_path: Path) -> None:
    body = next((data / "textures" / "sky").glob("*.jpg")).read_bytes()
    (tmp_path / "many" / "sky").mkdir(parents=True)
    for number in range(6000):
        (tmp_path / "many" / "sky" / f"{number}.jpg").write_bytes(body + number.to_bytes(4, "big"))
    command = [*SORTWERK, "dataset", "import", tmp_path / "many"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        with contextlib.closing(open_workspace()) as database:
            while running.poll() is None and not database.query("SELECT 1 FROM dataset_items"):
                time.sleep(0.005)
        running.send_signal(signal.SIGINT)
        out, error = running.communicate()
    assert (running.returncode, out, error) == (130, "", "Stopped; nothing has come in.\n")
    assert (sortwerk("dataset", "list").stdout, sortwerk("dataset", "list", "--trashed").stdout) == ("", "")


def test_create_list_remove_and_restore(tmp_path: Path) -> None:
    made = sortwerk("dataset", "create", "Walls", "--head", "material:categories:wood,stone", "--head", "worn:grade")
    assert (made.returncode, made.stdout) == (0, "1\n")
    assert sortwerk("dataset", "create", "Parts", "--template", "parts").stdout == "2\n"
    listed = json.loads(sortwerk("dataset", "list", "--json").stdout)
    assert [(one["id"], one["name"], one["heads"]) for one in listed] == [
        (1, "Walls", ["material", "worn"]),
        (2, "Parts", ["part", "colour"]),
    ]
    unasked = sortwerk("dataset", "remove", "walls")
    assert (unasked.returncode, unasked.stderr.splitlines()[-1]) == (1, "Nothing was removed; add --yes to do so.")
    assert sortwerk("dataset", "remove", "1", "--yes").stdout == "1\n"
    assert "Walls" not in sortwerk("dataset", "list").stdout
    assert "Walls" in sortwerk("dataset", "list", "--trashed").stdout
    assert sortwerk("dataset", "restore").stdout == "1\n"
    assert sortwerk("dataset", "restore").stderr == "No removed dataset is left to bring back.\n"
    gone = sortwerk("dataset", "show", "nothing")
    assert (gone.returncode, gone.stderr) == (3, "There is no dataset nothing; there are: Walls, Parts.\n")
    wrong = sortwerk("dataset", "create", "X", "--head", "a:nonsense")
    assert (wrong.returncode, "nonsense is no kind of question" in wrong.stderr) == (3, True)


def test_a_table_with_columns_of_its_own(data: Path, tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    rows = "".join(f"{data / 'x'},a\n" for _ in range(2))
    table.write_text(f"where,what\n{rows}a.png,b\nb.png,9999\n")
    for name, source in (("a.png", "metal"), ("b.png", "wood")):
        picture = next((data / "textures" / source).glob("*.jpg"))
        (tmp_path / name).write_bytes(picture.read_bytes())
    options = ("--label", "material=what", "--column", "file=where", "--json")
    came = json.loads(sortwerk("dataset", "import", table, *options).stdout)
    assert (came["items"], came["labels"]) == (2, {"material": 1})
    assert came["problems"][0].endswith("leads out of the folder and was left out.")
    wrong = sortwerk("dataset", "import", table, "--column", "colour=what")
    assert wrong.returncode == 2
    assert "--column takes file, split, source and group, not colour." in " ".join(wrong.stderr.split())
    bare = sortwerk("dataset", "import", table, "--format", "csv")
    assert bare.returncode == 3
    assert "has no column file with the pictures' paths; its columns are: where, what." in bare.stderr
    nothing = sortwerk("dataset", "import", tmp_path / "gone")
    assert (nothing.returncode, nothing.stderr.count("\n")) == (3, 1)
