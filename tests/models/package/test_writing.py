from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import signing
from models.errors import ModelError, WorkspaceError
from models.package import (
    AuthorKey,
    ModelExporter,
    author_key,
    inspect_package,
    install,
    read_receipt,
    verifying,
    write_package,
)
from models.package.members import Category, read_categories, write_categories
from models.package.reading import unpack
from models.spec import HeadSpec, ModelSpec, Preprocessing, read_spec
from tests.models.onnx_models import classifier, save
from tests.models.package.packages import NAMES, network, tree, zipped

HOW = Preprocessing(layout="NCHW", dtype="float32", scale=1 / 255, width=32, height=32)
SPEC = ModelSpec(
    name="Mine",
    id="ab" * 16,
    author="Anna",
    created="2026-01-02T03:04:05",
    license="MIT",
    heads=(HeadSpec(name="material", kind="categories", categories=NAMES),),
    preprocessing=HOW,
)


def parts() -> dict[str, bytes | Path]:
    return {
        "model.onnx": network(),
        "categories.json": write_categories(SPEC.heads, {"material": {"wood": "planks"}}),
        "README.md": "# Größe\n".encode(),
    }


def test_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.ps2model", tmp_path / "b.ps2model"
    on_disk = tmp_path / "net.onnx"
    on_disk.write_bytes(network())
    os.utime(on_disk, (1, 1))
    write_package(first, SPEC, parts())
    write_package(second, SPEC, {**dict(reversed(parts().items())), "model.onnx": on_disk})
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        infos = archive.infolist()
    assert [info.filename for info in infos] == ["README.md", "categories.json", "metadata.json", "model.onnx"]
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED}


def test_all_fields_of_the_document_are_there(tmp_path: Path) -> None:
    path = tmp_path / "a.ps2model"
    write_package(path, SPEC, parts())
    with zipfile.ZipFile(path) as archive:
        fields = json.loads(archive.read("metadata.json"))
        listed = json.loads(archive.read("categories.json"))
    assert (fields["package_version"], fields["format"], fields["framework"]) == ("1.1", "onnx", "onnxruntime")
    assert (fields["num_categories"], fields["model_size"]) == (4, len(network()))
    assert fields["compatibility"] == {"min_app_version": "1.0.0", "python_version": "3.8+"}
    assert sorted(fields["files"]) == ["README.md", "categories.json"]
    assert listed[2] == {"name": "wood", "description": "planks"}


TEXT = st.text(max_size=40).filter(lambda one: one.encode("utf-8", "replace") == one.encode("utf-8", "surrogatepass"))
PLAIN = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=20)


@settings(max_examples=50, deadline=None)
@given(
    name=PLAIN,
    author=TEXT,
    description=TEXT,
    tags=st.lists(TEXT, max_size=3),
    heads=st.dictionaries(PLAIN, st.lists(PLAIN, unique=True, max_size=4), min_size=1, max_size=3),
    readme=st.none() | st.binary(max_size=100),
)
def test_whatever_is_written_is_read_as_it_was(
    name: str,
    author: str,
    description: str,
    tags: list[str],
    heads: dict[str, list[str]],
    readme: bytes | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    place = tmp_path_factory.mktemp("package")
    specs = tuple(HeadSpec(name=head, kind="categories", categories=tuple(names)) for head, names in heads.items())
    spec = ModelSpec(name=name, author=author, description=description, tags=tuple(tags), heads=specs)
    members: dict[str, bytes | Path] = {"model.onnx": b"network", "categories.json": write_categories(specs, {})}
    if readme is not None:
        members["README.md"] = readme
    key = AuthorKey(bytes(range(32)))
    written = write_package(place / "a.ps2model", spec, members, key=key)
    folder = place / "staging"
    folder.mkdir()
    unpack(place / "a.ps2model", folder)
    found = verifying.read_metadata(folder, "a")
    assert found == written
    verifying.check_hashes(folder, found, "a")
    verifying.check_heads(folder, found, "a")
    verifying.check_categories(found, read_categories(folder / "categories.json", "a"), "a")
    signed = verifying.check_signature(folder, found, "a")
    assert signed == signing.Signed(author, key.fingerprint)
    assert {one.name: one.read_bytes() for one in folder.iterdir() if one.name in members} == members


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"model.onnx": b"x", "setup.py": b"x"}, "setup.py can't be in it"),
        ({"model.onnx": b"x", "metadata.json": b"x"}, "metadata.json can't be in it"),
        ({"README.md": b"x"}, "it has no model.onnx"),
        ({"model.onnx": b"x", "README.md": bytes(5 << 20)}, "larger than the 4 MiB"),
    ],
)
def test_what_can_not_be_packed_writes_nothing(members: dict[str, bytes], said: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=said):
        write_package(tmp_path / "a.ps2model", SPEC, members)
    assert list(tmp_path.iterdir()) == [tmp_path / "workspace"] or not list(tmp_path.iterdir())


def test_a_place_that_can_not_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"could not be written \(no such file"):
        write_package(tmp_path / "none" / "a.ps2model", SPEC, parts())


# -- signatures -------------------------------------------------------------------------------------------------------


def test_a_signature_is_verified_and_kept(tmp_path: Path) -> None:
    key = author_key()
    assert key is not None
    path = tmp_path / "a.ps2model"
    write_package(path, SPEC, parts(), key=key)
    with inspect_package(path) as inspected:
        assert inspected.signed == signing.Signed("Anna", key.fingerprint)
        assert not [one for one in inspected.warnings if "signed" in one]
        folder = install(inspected)
    receipt = read_receipt(folder)
    assert receipt is not None
    assert (receipt.signature, receipt.author, receipt.fingerprint) == ("valid", "Anna", key.fingerprint)
    assert signing.verify((folder / "metadata.json").read_bytes(), (folder / "signature.json").read_bytes())


def test_an_altered_model_does_not_pass_as_signed(tmp_path: Path, workspace: Path) -> None:
    key = author_key()
    path, bent = tmp_path / "a.ps2model", tmp_path / "bent.ps2model"
    write_package(path, SPEC, parts(), key=key)
    before = tree(workspace)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    metadata = members["metadata.json"]
    other = json.loads(members["signature.json"]) | {"author": "Bert"}
    for changes, said in (
        ({"metadata.json": metadata.replace(b"Anna", b"Bert")}, "somebody has altered one of the two"),
        ({"model.onnx": network(classifier(5))}, "was altered or damaged"),
        ({"signature.json": json.dumps(other).encode()}, "names another author"),
        ({"signature.json": json.dumps(other | {"algorithm": "rot13"}).encode()}, "of a kind that this version"),
        ({"signature.json": json.dumps(other | {"public_key": "AAAA"}).encode()}, "altered one of the two"),
    ):
        with pytest.raises(ModelError, match=said):
            inspect_package(zipped(bent, members | changes))
    assert {name: content for name, content in tree(workspace).items() if name != "models"} == before
    del members["signature.json"]  # whoever takes the signature away has a package that nobody signed
    with inspect_package(zipped(bent, members)) as inspected:
        assert inspected.signed is None


# -- categories -------------------------------------------------------------------------------------------------------

names = st.lists(st.text(min_size=1, max_size=30).filter(lambda one: one.isprintable()), unique=True, max_size=8)


@settings(deadline=None)
@given(first=names, second=names)
def test_categories_come_back_as_they_were(first: list[str], second: list[str], tmp_path_factory: object) -> None:
    path = Path(str(tmp_path_factory.mktemp("categories"))) / "categories.json"  # type: ignore[attr-defined]
    heads = (
        HeadSpec(name="part", kind="categories", categories=tuple(first)),
        HeadSpec(name="colour", kind="categories", categories=tuple(second)),
    )
    descriptions = {"colour": {name: f"all {name}" for name in second}}
    path.write_bytes(write_categories(heads, descriptions))
    assert read_categories(path, "a") == {
        "part": tuple(Category(name) for name in first),
        "colour": tuple(Category(name, f"all {name}") for name in second),
    }
    path.write_bytes(write_categories(heads[1:], descriptions))
    assert [one.name for one in read_categories(path, "a")[""]] == second


# -- the exporter -----------------------------------------------------------------------------------------------------


def test_a_bare_network_is_packed_and_comes_back(tmp_path: Path) -> None:
    source, target = save(classifier(4, probabilities=True), tmp_path / "net.onnx"), tmp_path / "new" / "a.ps2model"
    arguments = {
        "name": "Custom",
        "author": "Anna",
        "categories": [{"name": name, "description": f"all {name}"} for name in NAMES],
        "tags": ["ps2"],
        "training_data": [{"id": 1}],
        "readme": "# Custom",
        "created": "2026-01-02T03:04:05",
    }
    assert ModelExporter().export_model(source, target, **arguments) == target
    again = tmp_path / "again.ps2model"
    ModelExporter().export_model(source, again, **arguments)
    assert again.read_bytes() == target.read_bytes()
    with inspect_package(target) as inspected:
        folder = install(inspected)
    spec = read_spec(folder)
    assert (spec.license, spec.tags, spec.heads[0].form.values) == ("MIT", ("ps2",), "probabilities")
    assert (folder / "README.md").read_text() == "# Custom"
    assert json.loads((folder / "training_data.json").read_text()) == [{"id": 1}]
    assert inspected.categories["category"][0] == Category("metal", "all metal")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"categories": ["a"]}, "lists 1 categories and its network tells 4 apart"),
        ({"categories": []}, "names no categories"),
        ({"name": ""}, "name"),
        ({"training_data": {1, 2}}, "not JSON"),
        ({"preprocessing": {"side": 1}}, "side"),
        ({"model_path": "none.onnx"}, "is not there"),
    ],
)
def test_what_can_not_be_exported_writes_nothing(changes: dict[str, object], said: str, tmp_path: Path) -> None:
    source, target = save(classifier(4), tmp_path / "net.onnx"), tmp_path / "a.ps2model"
    arguments = {"model_path": source, "output_path": target, "name": "Custom", "categories": NAMES} | changes
    with pytest.raises(ModelError, match=said):
        ModelExporter().export_model(**arguments)  # type: ignore[arg-type]
    assert not target.exists()
