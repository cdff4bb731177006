"""The Models page without a screen: what it says of models, and what can be done with them."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from desktop.actions.models import LONGEST, Installed, new_model
from desktop.pages.models import inspector
from desktop.pages.models.entries import Entry, line, read_entry
from desktop.pages.models.exporting import ExportWish, file_name, key_fingerprint, save
from desktop.pages.models.state import ModelsState, is_model_file
from desktop.pages.models.wording import accuracy_line, accuracy_rows, date, expert_facts, percent, question, takes
from models.errors import LabelError, ModelError
from models.formats import Format
from models.package import author_key
from models.spec import Accuracy, ModelSpec, Preprocessing
from tests.models.made_models import make
from tests.models.package.packages import members_1_1, zipped

STARTER = "Game textures (starter)"


def figure(value: float, metric: str = "top-1", split: str = "test", head: str | None = None) -> Accuracy:
    return Accuracy(metric=metric, value=value, images=183, split=split, head=head)


@pytest.fixture
def state() -> ModelsState:
    return ModelsState(in_use=lambda: None)


def looked(state: ModelsState) -> list[str]:
    state.take(state.look())
    return [one.name for one in state.entries]


# -- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "names", "chip"),
    [
        ("categories", ["brick", "stone"], "material · 2"),
        ("categories", [], "material"),
        ("tags", ["worn", "new", "wet"], "material · 3 tags"),
        ("mask", ["wall"] * 6, "material · 6 places"),
        ("boxes", ["door", "lamp"], "material · boxes, 2"),
        ("grade", [], "material · grade"),
        ("image", [], "material · picture"),
        ("something new", ["a"], "material"),
    ],
)
def test_a_chip_says_what_is_answered_and_how_many_there_are(kind: str, names: list[str], chip: str) -> None:
    assert question("material", kind, names).chip == chip


def test_a_kind_that_is_the_name_already_is_not_said_twice() -> None:
    assert question("picture", "image", []).chip == "picture"


def test_ten_categories_are_named_and_the_rest_counted() -> None:
    assert question("material", "categories", list("abcdefghij")).categories == "a, b, c, d, e, f, g, h, i, j"
    assert question("material", "categories", list("abcdefghijklmn")).categories.endswith("i, j and 4 more")


def test_the_figure_of_a_card_is_the_one_on_unseen_pictures() -> None:
    figures = [figure(0.747, split="val"), figure(0.085, "calibration error"), figure(0.7322)]
    assert accuracy_line(figures) == "73 % right on 183 unseen pictures"
    assert accuracy_line([figure(0.747, split="val")]) == "75 % right on 183 pictures set aside"
    assert accuracy_line([figure(0.087, "calibration error")]) == ""
    assert accuracy_line([]) == ""


def test_two_questions_have_two_figures_and_other_metrics_their_own_words() -> None:
    assert accuracy_line([figure(0.87, head="part"), figure(0.91, head="colour")]) == (
        "87 % / 91 % right on 183 unseen pictures"
    )
    assert accuracy_line([figure(0.81, "mIoU")]) == "81 % overlap (IoU) on 183 unseen pictures"
    assert accuracy_line([figure(27.3, "PSNR")]) == "27.3 (PSNR) on 183 unseen pictures"


def test_all_figures_are_told_those_on_unseen_pictures_first() -> None:
    rows = accuracy_rows([figure(0.747, split="val"), figure(0.7322), figure(0.085, "calibration error")])
    assert rows == [
        ("Right answers", "73 % on 183 unseen pictures"),
        ("Confidence is off by", "8.5 % on 183 unseen pictures"),
        ("Right answers", "75 % on 183 pictures set aside"),
    ]


def test_numbers_dates_and_sizes_in_words() -> None:
    assert [percent(share) for share in (0, 0.004, 0.085, 0.73, 1)] == ["0 %", "0.4 %", "8.5 %", "73 %", "100 %"]
    assert date("2026-11-21T00:00:00") == "21 November 2026"
    assert date("last week") == "last week"
    assert takes(Preprocessing(width=320, height=240, colour="grey")) == (
        "320 × 240 pixels, greyscale; other shapes are squeezed"
    )


def test_experts_are_told_of_axes_numbers_and_outputs() -> None:
    head = {"name": "parts", "kind": "mask", "categories": ["a"], "form": {"outputs": ["probs"]}}
    how = {"layout": "NCHW", "dtype": "float32", "side": 32, "scale": 1 / 255}
    facts = dict(expert_facts(ModelSpec.parse({"name": "x", "heads": [head], "preprocessing": how}, "x")))
    assert facts["Input"] == "the first: N × 3 × 32 × 32 (NCHW), float32"
    assert facts["Output"] == "parts: mask, logits from probs"
    assert facts["Scaling"].startswith("pixel × 0.003922")


# -- the library ----------------------------------------------------------------------------------------------------


def test_the_starter_model_is_always_there_and_learns(state: ModelsState) -> None:
    assert looked(state) == [STARTER]
    words = line(state.entries[0])
    assert words.chips[0][0] == "material · 14"
    assert words.chips[0][1].startswith("One of 14 categories for each picture: brick, concrete,")
    assert words.learns
    assert words.accuracy == "73 % right on 183 unseen pictures"
    assert words.details.endswith("MIT  ·  comes with Sortwerk")
    assert state.entry is state.entries[0]


def test_cards_of_models_of_every_origin(state: ModelsState, workspace: Path) -> None:
    new_model("My walls", ["material", "colour"])
    make(workspace / "models" / "a picture", "image", name="Evening light")
    broken = workspace / "models" / "broken"
    broken.mkdir()
    (broken / "metadata.json").write_text("{")
    assert looked(state) == [STARTER, "broken", "Evening light", "My walls"]
    by_name = {one.name: one for one in state.entries}
    mine = line(by_name["My walls"])
    assert ([chip for chip, _ in mine.chips], mine.accuracy) == (["material", "colour"], "Knows nothing yet")
    assert mine.details.endswith("made here")
    assert line(by_name["broken"]).problem.endswith("is damaged (not JSON); get the model again.")
    assert by_name["broken"].refusal
    assert by_name["Evening light"].refusal == (
        "It makes pictures, which can't be sorted into folders; try it on some instead."
    )
    assert not by_name["My walls"].refusal
    assert by_name["broken"].folder not in state.comparable
    assert len(state.comparable) == 3


def test_what_was_taught_is_told_beside_what_was_measured() -> None:
    spec = ModelSpec.parse({"name": "x", "accuracy": [figure(0.7).model_dump()]}, "x")
    entry = Entry(Path("x"), "x", spec, learned=1, learns=True)
    assert line(entry).accuracy == "70 % right on 183 unseen pictures, 1 picture labelled by you"


def test_what_is_looked_at_stays_while_it_is_there(state: ModelsState) -> None:
    folder = new_model("My walls", ["category"])
    looked(state)
    told: list[None] = []
    state.changed.subscribe(told.append)
    state.select(folder)
    state.select(folder)
    assert len(told) == 1
    assert state.comparable[0] == folder
    looked(state)
    assert state.selected == folder
    state.remove(folder)
    looked(state)
    assert state.selected is None


def test_a_model_is_renamed_removed_and_brought_back(state: ModelsState) -> None:
    folder = new_model("My walls", ["category"])
    state.rename(folder, "  My   floors ")
    assert looked(state) == [STARTER, "My floors"]
    with pytest.raises(LabelError, match="There is a model called"):
        state.rename(folder, STARTER.upper())
    removed = state.remove(folder)
    assert looked(state) == [STARTER]
    assert state.restore(removed) == folder
    assert looked(state) == [STARTER, "My floors"]


def test_the_check_list_of_a_model(state: ModelsState, workspace: Path) -> None:
    make(folder := workspace / "models" / "tiny")
    looked(state)
    state.take_checks(folder, state.check(folder, cancel=threading.Event(), on_progress=lambda _: None))
    by_name = {one.name: one.outcome for one in state.checks[folder]}
    assert by_name["Loads"] == "pass"
    assert len(by_name) == len(state.checks[folder]) >= 8


# -- packages -------------------------------------------------------------------------------------------------------


def test_files_of_models_are_known_by_their_ending(tmp_path: Path) -> None:
    for name in ("a.ps2model", "B.ONNX", "c.pt", "d.h5", "e.keras", "f.pb", "g.safetensors", "h.ort", "i.pth"):
        assert is_model_file(tmp_path / name), name
    (tmp_path / "folder.pb").mkdir()
    for name in ("a.png", "b.zip", "c.json", "d", "e.tm2", "folder.pb"):
        assert not is_model_file(tmp_path / name), name


def test_a_package_is_looked_into_and_installed(state: ModelsState, tmp_path: Path) -> None:
    package = zipped(tmp_path / "pack.ps2model", members_1_1(name="Four materials"))
    found = state.look_into(package, cancel=threading.Event())
    assert found is not None
    assert looked(state) == [STARTER]
    folder = state.install(found)
    assert looked(state) == [STARTER, "Four materials"]
    entry = state.find(folder)
    assert entry is not None
    assert line(entry).details.endswith("MIT  ·  not signed")
    assert not entry.learns


def test_a_plain_network_asks_for_the_assistant_and_others_are_refused(state: ModelsState, tmp_path: Path) -> None:
    make(tmp_path / "tiny")
    network = (tmp_path / "tiny" / "model.onnx").rename(tmp_path / "net.onnx")
    assert state.look_into(network, cancel=threading.Event()) is None
    weights = tmp_path / "weights.safetensors"
    header = json.dumps({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    weights.write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    found = state.look_into(weights, cancel=threading.Event())
    assert isinstance(found, Format)
    assert found.converter == "torch"
    weights = tmp_path / "weights.tflite"
    weights.write_bytes(b"\x1c\0\0\0TFL3" + bytes(20))
    with pytest.raises(ModelError, match=r"^weights\.tflite is "):
        state.look_into(weights, cancel=threading.Event())


def wish(**changes: object) -> ExportWish:
    fields = {"name": "Walls", "version": "2.0", "author": "Anna", "licence": "MIT", "description": "For walls."}
    return ExportWish(**{**fields, "learn": True, "corrections": False, "sign": False, **changes})  # type: ignore[arg-type]


def test_a_model_is_saved_as_it_is_wished_and_comes_back_signed(state: ModelsState, tmp_path: Path) -> None:
    assert key_fingerprint() == ""
    target = tmp_path / file_name(wish())
    assert target.name == "Walls 2.0.ps2model"
    save(None, target, wish(sign=True))
    key = author_key(create=False)
    assert key is not None
    assert key_fingerprint() == key.fingerprint
    package = state.look_into(target, cancel=threading.Event())
    assert package is not None
    assert package.has_state
    folder = state.install(package)
    looked(state)
    entry = state.find(folder)
    assert entry is not None
    assert entry.spec is not None
    assert (entry.origin, entry.fingerprint) == ("signed by Anna", key.fingerprint)
    assert (entry.spec.version, entry.spec.license, entry.spec.description) == ("2.0", "MIT", "For walls.")
    assert entry.learns


def test_what_it_learned_from_can_be_left_out(state: ModelsState, tmp_path: Path) -> None:
    save(None, tmp_path / "walls.ps2model", wish(learn=False))
    with state.look_into(tmp_path / "walls.ps2model", cancel=threading.Event()) or pytest.fail("no package") as package:
        assert not package.has_state


def test_an_entry_says_what_is_wrong_when_nothing_can_be_read(tmp_path: Path) -> None:
    entry = read_entry(Installed(tmp_path / "gone", "gone", problem="It is gone; get it again."))
    assert (entry.problem, entry.spec, entry.size) == ("It is gone; get it again.", None, 0)


def test_a_name_may_be_as_long_on_the_page_as_in_the_library() -> None:
    assert inspector._LONGEST == LONGEST
