"""The import assistant without a screen: a real file, looked at in a child process, played and installed."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pytest

from desktop.actions.trying import Trial, Tried
from desktop.pages.models.assisting import SEATS, Assisting
from desktop.pages.models.doubts import doubt
from desktop.pages.models.draft import LEFT_OUT
from desktop.pages.models.names_file import read_names
from desktop.pages.models.rehearsed import told
from desktop.results import PAINTED
from models.answer import Answer, Reply
from models.errors import LabelError, ModelError
from models.heads import KINDS, Form, Result
from models.sources import Source
from models.spec import read_spec
from tests.models import onnx_models
from tests.models.made_models import pictures

GO = threading.Event()
PATH = Source(Path("a.png"))


@pytest.fixture
def assisting(tmp_path: Path) -> Assisting:
    """A classifier of four classes that nothing is known of, as far as the child process has looked at it."""
    path = onnx_models.save(onnx_models.classifier(classes=4), tmp_path / "my_plain-net.onnx")
    state = Assisting()
    state.begin(path)
    state.take(*Assisting.examine(path, GO))
    return state


def test_a_file_is_read_named_and_put_in_words(assisting: Assisting) -> None:
    assert assisting.draft is not None
    assert assisting.draft.name == "My plain net"
    assert assisting.problem == ""
    rows = dict(assisting.fact_rows())
    assert rows["File"].startswith("my_plain-net.onnx, ")
    assert "numbers a picture" in rows["Gives"]
    assert "picture, " in rows["Takes"]


def test_a_file_that_is_no_model_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "no.onnx"
    path.write_bytes(b"no model at all")
    with pytest.raises(ModelError):
        Assisting.examine(path, GO)


def test_pictures_are_taken_from_all_over_a_folder(tmp_path: Path) -> None:
    pictures(tmp_path / "pictures", 40)
    seats = Assisting.take_seats([tmp_path / "pictures"], GO)
    numbers = [int(seat.source.path.stem) for seat in seats]
    assert len(numbers) == len(set(numbers)) == SEATS
    assert max(numbers) > 2 * SEATS


def test_each_draft_is_played_and_the_model_is_installed_as_it_was_agreed(
    assisting: Assisting, tmp_path: Path, workspace: Path
) -> None:
    pictures(tmp_path / "pictures", 6)
    assisting.take_pictures(Assisting.take_seats([tmp_path / "pictures"], GO))
    names = ("oak", "elm", "ash", "fir")
    assisting.change(name="Trees", licence="MIT", range="unit")
    assisting.change_question(0, name="tree", categories=names)
    assert assisting.draft is not None
    played = assisting.play(assisting.draft, PAINTED, GO)
    assert len(played.looks) == 6
    assert all(line[0] in names for look in played.looks for line in look.lines)
    assert all(len(look.lines) == 3 for look in played.looks)

    folder = assisting.install(assisting.draft, GO)
    assert folder.parent == workspace / "models"
    spec = read_spec(folder)
    assert (spec.name, spec.license, spec.heads[0].categories) == ("Trees", "MIT", names)
    trial = Trial(folder)
    for look, seat in zip(played.looks, assisting.seats, strict=True):
        best = trial.ask(seat.source).answer.best
        assert look.lines[0][0] == best.category
        assert look.lines[0][1] == pytest.approx(best.confidence, abs=1e-3)


def test_another_kind_begins_with_what_it_needs(assisting: Assisting) -> None:
    told: list[None] = []
    assisting.changed.subscribe(told.append)
    assisting.change_question(0, kind="tags", categories=("only one",))
    assert assisting.draft is not None
    assert len(assisting.draft.questions[0].categories) == 4
    assisting.change_question(0, kind=LEFT_OUT)
    assert assisting.problem == "Choose at least one answer that is not left out."
    count = len(told)
    assisting.change(fit=assisting.draft.fit)
    assert len(told) == count, "nothing has changed"


# -- whether answers look wrong ----------------------------------------------------------------------------------------


def tried(*results: Result) -> list[Tried]:
    picture = np.zeros((4, 4, 3), np.uint8)
    return [Tried(Answer(PATH, b"", Reply({"part": one})), picture, 1.0) for one in results]


def decoded(kind: str, rows: list[list[float]], categories: tuple[str, ...], form: Form = Form()) -> list[Result]:
    return list(KINDS[kind].decode(np.array(rows, np.float32), categories, form=form))


ABC = ("a", "b", "c")
ONE = [9.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("kind", "rows", "words"),
    [
        ("categories", [ONE] * 5, "All pictures get the same answer (a)"),
        ("categories", [[0.1, 0.0, 0.0], [0.0, 0.1, 0.0], [0.0, 0.0, 0.1], [0.0, 0.1, 0.0]], "Every answer is a guess"),
        ("categories", [ONE, ONE, ONE, [0.0, 9.0, 0.0]], ""),
        ("categories", [ONE] * 3, ""),
        ("tags", [[-9.0, -9.0, -9.0]] * 4, "No tag applies to any picture"),
        ("tags", [[9.0, 9.0, 9.0]] * 4, "Every tag applies to every picture"),
        ("tags", [[9.0, -9.0, 9.0]] * 4, ""),
        ("boxes", [[0.0] * 600] * 4, "Nothing is found in any picture"),
    ],
)
def test_answers_that_look_wrong_are_told(kind: str, rows: list[list[float]], words: str) -> None:
    said = doubt(tried(*decoded(kind, rows, ABC)))
    assert said.startswith(words)
    assert bool(said) == bool(words)


def test_grades_and_pictures_that_never_change_are_told() -> None:
    scale = Form(low=1, high=10)
    assert "the same grade" in doubt(tried(*decoded("grade", [[0.5]] * 4, (), scale)))
    assert doubt(tried(*decoded("grade", [[0.1], [0.5], [0.7], [0.2]], (), scale))) == ""
    form = Form(shape=(3, 2, 2))
    assert "nearly of one colour" in doubt(tried(*decoded("image", [[1.0] * 12] * 4, (), form)))
    assert doubt(tried(*decoded("image", [[0.0, 1.0] * 6] * 4, (), form))) == ""


def test_results_are_told_in_few_words() -> None:
    assert told(decoded("grade", [[0.5]], (), Form(low=1, high=10))[0])[0][0] == "5.5 of 10"
    assert told(decoded("image", [[0.5] * 12], (), Form(shape=(3, 2, 2)))[0]) == []
    boxes = [0.0] * 600
    assert told(decoded("boxes", [boxes], ABC)[0]) == [("nothing found", 0.0)]
    boxes[:12] = [0, 0, 0.5, 0.5, 0.9, 1, 0.5, 0.5, 1, 1, 0.75, 0]
    assert told(decoded("boxes", [boxes], ABC)[0]) == [("b and 1 more", pytest.approx(0.9))]
    assert [words for words, _ in told(decoded("categories", [[1, 3, 2]], ABC)[0], 2)] == ["b", "c"]


# -- lists of names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "oak\n elm \n\nash\n"),
        ("bom.txt", "\ufeffoak\r\nelm\r\nash"),
        ("list.json", json.dumps(["oak", "elm", "ash"])),
        ("numbered.json", json.dumps({"10": "ash", "0": "oak", "2": "elm"})),
        ("turned.json", json.dumps({"ash": 2, "oak": 0, "elm": 1})),
        ("inside.json", json.dumps({"version": 1, "names": {"0": "oak", "1": "elm", "2": "ash"}})),
        ("objects.json", json.dumps({"categories": [{"name": "oak"}, {"name": "elm"}, {"name": "ash"}]})),
    ],
)
def test_names_are_read_from_the_usual_files(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8", newline="")
    assert read_names(tmp_path / name) == ["oak", "elm", "ash"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.txt", b"\n \n", "holds no names"),
        ("picture.txt", b"\xff\xfe\x00\xff", "can't be read as text"),
        ("broken.json", b"{", "is no JSON"),
        ("number.json", b"3", "holds no names"),
        ("long.txt", b"a\n" * 600_000, "is too long"),
    ],
)
def test_other_files_are_one_sentence(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LabelError, match=words):
        read_names(tmp_path / name)


def test_a_list_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="can't be read"):
        read_names(tmp_path / "gone.txt")
