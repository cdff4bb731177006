import json
from pathlib import Path

from tests.conftest import ROOT
from tests.desktop.cli.program import sortwerk

PICTURE = ROOT / "assets" / "samples" / "deck_boards.jpg"


def test_a_model_is_made_listed_and_asked_by_name(workspace: Path) -> None:
    made = sortwerk("models", "new", "My bricks", "--question", "part", "--question", "colour")
    folder = workspace / "models" / "My bricks"
    assert (made.returncode, made.stdout) == (0, f"{folder}\n")
    assert made.stderr.startswith("It knows nothing yet;")

    listed = sortwerk("models", "list")
    assert listed.returncode == 0
    assert [line.split("  ")[0] for line in listed.stdout.splitlines()] == ["Game textures (starter)", "My bricks"]

    asked = sortwerk("classify", PICTURE, "--model", "my BRICKS", "--json")
    assert asked.returncode == 0
    assert json.loads(asked.stdout)["heads"] == {"part": [], "colour": []}


def test_the_list_for_programs_has_what_can_not_be_used_too(workspace: Path) -> None:
    (workspace / "models" / "empty").mkdir(parents=True)
    done = sortwerk("models", "list", "--json")
    starter, empty = json.loads(done.stdout)
    assert starter == {
        "folder": None,
        "name": "Game textures (starter)",
        "heads": ["material"],
        "learned": 0,
        "problem": "",
    }
    assert empty["folder"] == str(workspace / "models" / "empty")
    assert "has no metadata.json" in empty["problem"]
    assert done.returncode == 1
    assert sortwerk("models", "list").stderr.strip() == empty["problem"]


def test_a_table_of_combinations_is_taken_or_refused(tmp_path: Path, workspace: Path) -> None:
    table = tmp_path / "pairs.csv"
    table.write_text("part,colour\nplate,red\n")
    arguments = ["models", "new", "Bricks", "--combinations", str(table)]
    refused = sortwerk(*arguments)
    assert refused.returncode == 3
    assert refused.stderr.startswith(
        "The known combinations are about part and colour, and the model is asked about category;"
    )
    assert not (workspace / "models").exists()
    assert sortwerk(*arguments, "--question", "part", "--question", "colour").returncode == 0
    fields = json.loads((workspace / "models" / "Bricks" / "metadata.json").read_text())
    assert fields["combinations"]["known"] == {"plate": ["red"]}


def test_a_name_that_is_there_and_a_model_that_is_not() -> None:
    assert sortwerk("models", "new", "Cards").returncode == 0
    again = sortwerk("models", "new", "CARDS")
    assert (again.returncode, again.stderr) == (3, "There is a model called Cards already; choose another name.\n")
    missing = sortwerk("classify", PICTURE, "--model", "Bricks")
    assert missing.returncode == 3
    assert missing.stderr == "There is no model Bricks; name the folder of one, or one of these: starter, Cards.\n"
