from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.errors import Cancelled, ModelError, SortwerkError
from models.library import load_model
from models.package import ModelImporter, inspect_package, install, install_onnx, read_name, read_receipt
from models.package.staging import PREFIX
from models.spec import IMAGENET_MEAN, HeadSpec, ModelSpec, Preprocessing, read_spec
from tests.models.onnx_models import (
    broken_weights,
    classifier,
    multi_head,
    save,
    with_external_data,
    with_foreign_operator,
)
from tests.models.package.packages import NAMES, members_1_0, members_1_1, metadata_1_0, network, npz, tree, zipped
from tests.models.package.packages import with_members as more


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return zipped(tmp_path / "by hand.ps2model", members_1_0())


def test_a_package_made_by_hand_from_the_document_imports(package: Path, workspace: Path) -> None:
    with inspect_package(package) as inspected:
        assert inspected.spec.name == "Model Name"
        assert (inspected.signed, inspected.has_state, inspected.installed) == (None, False, None)
        assert inspected.warnings == ("by hand.ps2model is not signed, so nothing shows who made it.",)
        folder = install(inspected)
    assert folder == workspace / "models" / hashlib.sha256(package.read_bytes()).hexdigest()[:32]
    spec = read_spec(folder)
    assert (spec.package_version, spec.num_categories) == ("1.1", 4)
    (head,) = spec.heads
    assert (head.name, head.kind, head.categories) == ("category", "categories", NAMES)
    assert head.form.values == "logits"
    how = spec.preprocessing
    assert (how.size, how.layout, how.dtype, how.mean) == ((32, 32), "NCHW", "float32", IMAGENET_MEAN)
    receipt = read_receipt(folder)
    assert receipt is not None
    assert (receipt.file, receipt.signature) == ("by hand.ps2model", "none")
    model = load_model(folder)
    row = model.backbone.embed(np.full((1, 32, 32, 3), 90, np.uint8))
    assert model.answer([b""], row)[0].heads["category"].probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert {one.name for one in workspace.joinpath("models").iterdir()} == {folder.name}


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("dtype", ["float32", "float16", "uint8"])
def test_the_network_says_what_the_document_leaves_open(layout: str, dtype: str, tmp_path: Path) -> None:
    model = classifier(4, probabilities=True, layout=layout, dtype=dtype, side=48)
    with inspect_package(zipped(tmp_path / "a.ps2model", members_1_0(model))) as inspected:
        how, head = inspected.spec.preprocessing, inspected.spec.heads[0]
    assert (how.size, how.layout, how.dtype) == ((48, 48), layout, dtype)
    assert head.form.values == "probabilities"
    assert (how.scale == 1) == (dtype == "uint8")


@pytest.mark.parametrize(
    "said",
    [
        list(NAMES),
        [{"name": name, "description": f"all {name}"} for name in NAMES],
        {"categories": list(NAMES)},
        {"categories": [{"name": name} for name in NAMES]},
        None,
    ],
    ids=["names", "objects", "in an object", "objects in an object", "in the network"],
)
def test_categories_come_in_every_form(said: object, tmp_path: Path) -> None:
    own = {"categories": json.dumps(NAMES)} if said is None else None
    members = members_1_0(classifier(4, metadata=own))
    members["categories.json"] = json.dumps(said).encode()
    if said is None:
        del members["categories.json"]
    found = ModelImporter().import_model(zipped(tmp_path / "a.ps2model", members))
    assert found is not None
    assert [one["name"] for one in found["categories"]] == list(NAMES)
    assert read_spec(found["install_dir"]).heads[0].categories == NAMES


def test_the_same_package_twice_is_there_already(package: Path, workspace: Path) -> None:
    first = ModelImporter().import_model(package)
    assert first is not None
    before = tree(workspace)
    copy = package.with_name("another name.ps2model")
    copy.write_bytes(package.read_bytes())
    with inspect_package(copy) as inspected:
        assert inspected.installed == first["install_dir"]
        assert install(inspected) == first["install_dir"]
    assert tree(workspace) == before


def test_what_is_only_looked_at_leaves_nothing(package: Path, workspace: Path) -> None:
    with inspect_package(package):
        assert any((workspace / "models").glob(f"{PREFIX}*"))
    assert tree(workspace) == {"models": None}


def head(**changes: Any) -> list[dict[str, Any]]:
    form = {"outputs": ["output"]}
    return [{"name": "material", "kind": "categories", "categories": list(NAMES), "form": form, **changes}]


def changed(members: Mapping[str, bytes], **changes: Any) -> dict[str, bytes]:
    fields = json.loads(members["metadata.json"])
    return {**members, "metadata.json": json.dumps(fields | changes).encode()}


def with_network(content: bytes) -> dict[str, bytes]:
    return {**members_1_0(), "model.onnx": content, "metadata.json": json.dumps(metadata_1_0(content)).encode()}


def external() -> bytes:
    return network(with_external_data(classifier(4)))


def of_opset(model: onnx.ModelProto, version: int) -> onnx.ModelProto:
    """``model`` as if it were written for another version of the operators."""
    model.opset_import[0].version = version
    return model


def flooding() -> bytes:
    """A good classifier with a second output of 1 TiB."""
    model = classifier(4)
    shape = numpy_helper.from_array(np.array([1 << 14, 1 << 14, 1 << 10], np.int64), "shape")
    model.graph.initializer.append(shape)
    model.graph.node.append(helper.make_node("ConstantOfShape", ["shape"], ["flood"]))
    model.graph.output.append(helper.make_tensor_value_info("flood", TensorProto.FLOAT, None))
    return network(model)


def state(**changes: Any) -> dict[str, bytes]:
    """A package that brings what a head has learned: of eight numbers, with ``changes``."""
    facts = {"format": 1, "ridge": 0.1, "categories": list(NAMES)}
    arrays: dict[str, Any] = {
        "facts": np.frombuffer(json.dumps(facts).encode(), np.uint8),
        "mean": np.zeros(8),
        "scale": np.ones(8),
        "keys": np.arange(32, dtype=np.uint8),
        "key_lengths": np.array([32], np.int32),
        "embeddings": np.zeros((1, 8), np.float16),
        "labels": np.zeros(1, np.int32),
        "series": np.zeros((1, 8), np.uint8),
        "weights": np.zeros((9, 4)),
    }
    content = npz({**arrays, **{name: value for name, value in changes.items() if name != "backbone"}})
    digest = hashlib.sha256(content).hexdigest()
    metadata = {"heads": head(state_hash=digest), "backbone": changes.get("backbone", "another-1")}
    return more(members_1_1(), state__0_npz=content, _metadata=metadata)


REFUSED: Mapping[str, tuple[Callable[[], Mapping[str, bytes]], str]] = {
    "metadata that is no JSON": (lambda: {**members_1_0(), "metadata.json": b"{"}, "metadata.json is not JSON"),
    "deep metadata": (lambda: {**members_1_0(), "metadata.json": b"[" * 100_000}, "metadata.json is not JSON"),
    "metadata that is a list": (lambda: {**members_1_0(), "metadata.json": b"[]"}, "is not a JSON object"),
    "a version to come": (lambda: members_1_0(package_version="2.0"), "is not 1.x"),
    "a newer program": (
        lambda: members_1_0(compatibility={"min_app_version": "9.0"}),
        "needs a program of version 9.0",
    ),
    "another format": (lambda: members_1_0(format="torchscript"), "which this version does not read"),
    "no name": (lambda: members_1_0(name=""), "name"),
    "another network": (
        lambda: {**members_1_0(), "model.onnx": network(classifier(5))},
        "was altered or damaged on its way",
    ),
    "another size": (lambda: members_1_0(model_size=5), "was altered or damaged on its way"),
    "other categories than hashed": (
        lambda: {**members_1_1(), "categories.json": json.dumps(list(NAMES[::-1])).encode()},
        "was altered or damaged on its way (categories.json",
    ),
    "a file that is not hashed": (lambda: {**members_1_1(), "README.md": b"x"}, "does not state what README.md"),
    "a file that is missing": (
        lambda: changed(members_1_1(), files={"README.md": "0" * 64}),
        "is not whole: README.md is missing",
    ),
    "no categories": (
        lambda: {name: one for name, one in members_1_0().items() if name != "categories.json"},
        "names no categories",
    ),
    "fewer categories than stated": (lambda: members_1_0(num_categories=50), "says that it has 50 categories"),
    "a network that tells more apart": (
        lambda: members_1_0(classifier(7)),
        "lists 4 categories and its network tells 7 apart",
    ),
    "a category twice": (lambda: {**members_1_0(), "categories.json": b'["a", "a"]'}, "lists 'a' twice"),
    "a category without name": (lambda: {**members_1_0(), "categories.json": b'[{"id": 1}]'}, "category 1 in its"),
    "categories that are none": (lambda: {**members_1_0(), "categories.json": b'"stone"'}, "holds no list"),
    "mislabelled": (
        lambda: changed(members_1_1(heads=head(categories=["a", "b", "c", "d"]))),
        "lists other categories for material",
    ),
    "a head of another kind": (lambda: members_1_1(heads=head(kind="smell")), "answers material (smell)"),
    "an output that is not there": (
        lambda: members_1_1(heads=head(form={"outputs": ["smell"]})),
        "has no output smell",
    ),
    "too many categories for the network": (
        lambda: more(
            members_1_1(),
            **{"categories.json": b'["a", "b"]'},
            _metadata={"heads": head(categories=["a", "b"]), "num_categories": 2},
        ),
        "it gives 4 numbers a picture for 2 categories",
    ),
    "the wrong shape": (
        lambda: changed(members_1_1(), preprocessing={"layout": "NHWC", "dtype": "float32"}),
        "as its metadata says",
    ),
    "a network of noise": (lambda: with_network(b"\x08noise" * 50), "is not an ONNX model"),
    "an empty network": (lambda: with_network(b""), "is empty (0 bytes)"),
    "a cut network": (lambda: with_network(network()[:-200]), "can't be imported: model.onnx"),
    "an opset to come": (lambda: members_1_0(of_opset(classifier(4), 999)), "needs a newer Sortwerk"),
    "an opset before all": (lambda: members_1_0(of_opset(classifier(4), 3)), "opset"),
    "NaN": (lambda: members_1_0(broken_weights(classifier(4))), "NaN"),
    "foreign code": (lambda: members_1_0(with_foreign_operator(classifier(4))), "foreign code"),
    "a flood of memory": (lambda: with_network(flooding()), "model.onnx needs more memory than"),
    "weights elsewhere": (lambda: with_network(external()), "in other files"),
    "what it learned is missing": (
        lambda: members_1_1(heads=head(state_hash="0" * 64)),
        "what material has learned is missing",
    ),
    "a head too many": (lambda: more(members_1_1(), head__1_npz=npz({"mean": 1})), "belongs to no head"),
    "a pickle in what it learned": (lambda: state(series=np.array([{}], object)), "state-0.npz is damaged"),
    "another array in it": (lambda: state(surprise=np.zeros(3)), "holds other arrays"),
    "it is of other categories": (
        lambda: state(facts=np.frombuffer(b'{"format": 1, "ridge": 1, "categories": []}', np.uint8)),
        "knows other categories",
    ),
    "it is of a newer version": (
        lambda: state(facts=np.frombuffer(b'{"format": 2, "ridge": 1, "categories": []}', np.uint8)),
        "of a newer version",
    ),
    "it does not say what it is": (lambda: state(facts=np.zeros(3, np.uint8)), "does not say what it is"),
    "it has another shape": (lambda: state(weights=np.zeros((3, 4))), "weights is float64 (3, 4)"),
    "it is no numbers": (lambda: state(weights=np.full((9, 4), np.nan)), "weights holds what are no numbers"),
    "an example of no category": (lambda: state(labels=np.array([9], np.int32)), "no category or no key"),
    "it is of another backbone": (
        lambda: state(backbone="efficientnet-lite0-int8-2"),
        "was made for 8 numbers and the backbone gives 3496",
    ),
    "weights of another shape": (
        lambda: more(members_1_1(), head__0_npz=npz(dict.fromkeys(("mean", "scale", "weights", "bias"), np.ones(3)))),
        "head-0.npz does not fit the model",
    ),
    "a name that hides something": (lambda: members_1_0(name="a\x1b[2Jb"), "a name that can't be shown"),
    "a category that hides something": (
        lambda: {**members_1_0(), "categories.json": json.dumps(["a\u202eb", *NAMES[1:]]).encode()},
        "a category that can't be shown",
    ),
    "a signature of something else": (
        lambda: {**members_1_1(), "signature.json": b'{"algorithm": "ed25519"}'},
        "its signature is damaged",
    ),
}


@pytest.mark.parametrize("which", REFUSED)
def test_a_bad_package_is_one_sentence_and_everything_stays(which: str, package: Path, workspace: Path) -> None:
    make, said = REFUSED[which]
    there = workspace / "models" / "another"
    there.mkdir(parents=True)
    (there / "metadata.json").write_bytes(b"as it was")
    before = tree(workspace)
    path = zipped(package.with_name("odd.ps2model"), make())
    importer = ModelImporter()
    assert importer.import_model(path) is None
    assert importer.error is not None
    assert said in importer.error
    assert importer.error.endswith(".")
    assert "odd.ps2model" in importer.error
    assert PREFIX not in importer.error
    assert tree(workspace) == before


def test_what_it_learned_is_taken_when_it_is_right(tmp_path: Path) -> None:
    with inspect_package(zipped(tmp_path / "a.ps2model", state())) as inspected:
        assert inspected.has_state


@pytest.mark.parametrize("kind", [NAMES, ("A model", "by hand")])
def test_an_id_that_could_be_another_models_is_not_kept(kind: tuple[str, ...], tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.ps2model", changed(members_1_1(), id="starter", tags=list(kind)))
    with inspect_package(path) as inspected:
        assert inspected.spec.id == inspected.sha256[:32]
    path = zipped(tmp_path / "b.ps2model", changed(members_1_1(), id="ab" * 16))
    with inspect_package(path) as inspected:
        assert inspected.spec.id == "ab" * 16


def test_several_heads_in_one_network(tmp_path: Path, workspace: Path) -> None:
    outputs = [("part", 3), ("colour", 5)]
    model = multi_head(dict(outputs))
    heads = [
        {
            "name": name,
            "kind": "categories",
            "categories": [f"{name} {n}" for n in range(count)],
            "form": {"outputs": [name]},
        }
        for name, count in outputs
    ]
    lists = {one["name"]: one["categories"] for one in heads}
    content, listed = network(model), json.dumps(lists).encode()
    fields = metadata_1_0(
        content, package_version="1.1", heads=heads, num_categories=sum(count for _, count in outputs)
    )
    fields["preprocessing"] = {"layout": "NCHW", "dtype": "float32", "width": 32, "height": 32}
    fields["files"] = {"categories.json": hashlib.sha256(listed).hexdigest()}
    members = {"model.onnx": content, "categories.json": listed, "metadata.json": json.dumps(fields).encode()}
    found = ModelImporter().import_model(zipped(tmp_path / "a.ps2model", members))
    assert found is not None
    assert [one["name"] for one in found["categories"]] == heads[0]["categories"]
    # As its maker wrote it, to the byte, but for what was missing
    assert json.loads((found["install_dir"] / "metadata.json").read_bytes())["heads"][1]["name"] == heads[1]["name"]


def test_it_can_be_stopped_and_leaves_nothing(package: Path, workspace: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        inspect_package(package, cancel=cancel)
    assert tree(workspace) == {"models": None}


def test_what_a_killed_import_left_goes_at_the_next(package: Path, workspace: Path) -> None:
    left = workspace / "models" / f"{PREFIX}999999999-ab"
    left.mkdir(parents=True)
    (left / "model.onnx").write_bytes(b"half")
    with inspect_package(package) as first:  # of this process, which lives
        with inspect_package(package) as second:
            install(second)
        assert first.folder.is_dir()
    assert [one.name for one in (workspace / "models").iterdir()] == [first.sha256[:32]]


def test_models_can_go_elsewhere(package: Path, tmp_path: Path) -> None:
    found = ModelImporter(tmp_path / "library").import_model(package)
    assert found is not None
    assert found["install_dir"].parent == tmp_path / "library"
    assert found["model_path"].read_bytes() == network()


# -- plain networks ---------------------------------------------------------------------------------------------------


def plain(**changes: Any) -> ModelSpec:
    heads = (HeadSpec(name="material", kind="categories", categories=NAMES),)
    how = Preprocessing(layout="NCHW", dtype="float32", scale=1 / 255, width=32, height=32)
    return ModelSpec(**{"name": "Mine", "heads": heads, "preprocessing": how, "created": "2026-01-01", **changes})


def test_a_plain_network_is_installed_as_a_person_has_said(tmp_path: Path, workspace: Path) -> None:
    path = save(classifier(4), tmp_path / "net.onnx")
    folder = install_onnx(path, plain(), name="My own")
    assert read_name(folder) == "My own"
    assert read_spec(folder).heads[0].categories == NAMES
    model = load_model(folder)
    assert model.answer([b""], model.backbone.embed(np.zeros((1, 32, 32, 3), np.uint8)))[0].heads["material"].best
    before = tree(workspace)
    assert install_onnx(path, plain(created="2026-02-02")) == folder  # the same again
    assert tree(workspace) == before
    assert install_onnx(path, plain(name="Other")) != folder


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (plain(preprocessing=Preprocessing(layout="NHWC", dtype="float32")), "as its metadata says"),
        (plain(heads=(HeadSpec(name="a", kind="categories", categories=("x",)),)), "4 numbers a picture for 1"),
    ],
)
def test_a_plain_network_that_does_not_fit_is_refused(
    spec: ModelSpec, said: str, tmp_path: Path, workspace: Path
) -> None:
    path = save(classifier(4), tmp_path / "net.onnx")
    with pytest.raises(SortwerkError, match=said):
        install_onnx(path, spec)
    assert tree(workspace) == {"models": None}


def test_a_plain_network_that_is_not_there_is_refused(tmp_path: Path, workspace: Path) -> None:
    with pytest.raises(ModelError, match="can't be copied"):
        install_onnx(tmp_path / "none.onnx", plain())
    assert tree(workspace) == {"models": None}
