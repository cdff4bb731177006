from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop.actions.classify import Classifier
from desktop.actions.models import LONGEST, Installed, find_model, list_models, new_model
from models.combinations import Combinations
from models.errors import LabelError, ModelError
from models.library import readable_spec
from models.workspace import folder as workspace_folder
from training.correction_record import Correction


def test_the_starter_model_comes_first_and_others_by_name() -> None:
    bricks, cards = new_model("my bricks", ["part", "colour"]), new_model("Cards", ["grade of the card"])
    assert list_models() == [
        Installed(None, "Game textures (starter)", ("material",)),
        Installed(cards, "Cards", ("grade of the card",)),
        Installed(bricks, "my bricks", ("part", "colour")),
    ]


def test_a_new_model_answers_and_what_it_learned_is_counted(workspace: Path) -> None:
    folder = new_model("  My   bricks ", [" part "])
    assert folder == workspace / "models" / "My bricks"
    with Classifier(folder) as classifier:
        assert [head.name for head in classifier.spec.heads] == ["part"]
        one = Correction("a.png", "plate", texture_hash="ab" * 32, head="part", model=classifier.learner.id)
        classifier.learner.record([one])
    assert list_models()[1].learned == 1
    assert list_models()[0].learned == 0


@pytest.mark.parametrize(
    ("name", "questions", "sentence"),
    [
        (" ", ["part"], "A model needs a name; type one."),
        ("x" * (LONGEST + 1), ["part"], f"{'x' * 20}… has 101 characters; choose a name of 100 at most."),
        ("a\x07b", ["part"], r"a\x07b holds a character that can't be seen; choose another name."),
        ("MY BRICKS", ["part"], "There is a model called My bricks already; choose another name."),
        ("Starter", ["part"], "There is a model called starter already; choose another name."),
        (
            "game textures (STARTER)",
            ["x"],
            "There is a model called Game textures (starter) already; choose another name.",
        ),
        ("New", [], "A model answers at least one question; add one."),
        ("New", ["part", " "], "A question needs a name; type one."),
        ("New", ["part", "Part"], "Part is there twice; give each question its own name."),
        ("New", ["Unknown"], "Unknown is what pictures without a category are called; choose another name."),
        ("New", ["q" * 101], f"{'q' * 20}… has 101 characters; choose a name of 100 at most."),
    ],
)
def test_what_can_not_be_is_one_sentence_and_makes_nothing(name: str, questions: list[str], sentence: str) -> None:
    new_model("My bricks", ["part"])
    with pytest.raises(LabelError) as raised:
        new_model(name, questions)
    assert str(raised.value) == sentence
    assert [one.name for one in list_models()[1:]] == ["My bricks"]


def test_folders_are_safe_and_apart_whatever_the_capitals(workspace: Path) -> None:
    names = ["a:b", "A?b", "a*B", "con", "..", "größe/東京"]
    folders = [new_model(name, ["part"]) for name in names]
    assert [folder.name for folder in folders] == ["a_b", "A_b (2)", "a_B (3)", "con_", "__", "größe_東京"]
    assert {folder.parent for folder in folders} == {workspace / "models"}
    assert {one.name for one in list_models()[1:]} == set(names)


def test_a_table_is_kept_and_has_to_be_about_the_questions() -> None:
    table = Combinations(("part", "shade"), {"plate": frozenset({"red"})})
    with pytest.raises(ModelError) as raised:
        new_model("Bricks", ["part", "colour"], table)
    assert str(raised.value) == (
        "The known combinations are about part and shade, and the model is asked about part and colour; "
        "name the questions as in the first row of the file."
    )
    assert readable_spec(new_model("Bricks", ["shade", "part"], table)).combinations == table


def test_a_broken_model_is_listed_with_its_problem() -> None:
    broken = new_model("Broken", ["part"])
    (broken / "metadata.json").write_text("{")
    (broken.parent / ".hidden").mkdir()
    newer = new_model("Newer", ["part"])
    fields = json.loads((newer / "metadata.json").read_text())
    fields["heads"][0]["kind"] = "smell"
    (newer / "metadata.json").write_text(json.dumps(fields))
    starter, *others = list_models()
    assert starter.problem == ""
    assert [(one.folder, one.name) for one in others] == [(broken, "Broken"), (newer, "Newer")]
    assert others[0].problem == f"{broken / 'metadata.json'} is damaged (not JSON); get the model again."
    assert "smell" in others[1].problem


def test_a_model_is_found_by_name_or_folder(tmp_path: Path) -> None:
    folder = new_model("My: bricks", ["part"])
    assert find_model(None) is None
    assert find_model("starter") is None
    assert find_model("GAME textures (starter)") is None
    assert find_model("my: BRICKS") == folder
    assert find_model("my_ bricks") == folder
    assert find_model(str(folder)) == folder
    assert find_model(str(tmp_path)) == tmp_path  # loading it says what is missing there
    with pytest.raises(ModelError) as raised:
        find_model("cards")
    assert str(raised.value) == (
        "There is no model cards; name the folder of one, or one of these: starter, My: bricks."
    )


def test_without_any_model_of_its_own_there_is_the_starter() -> None:
    assert not (workspace_folder() / "models").exists()
    assert [one.folder for one in list_models()] == [None]
