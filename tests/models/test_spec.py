import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import ModelError
from models.spec import HeadSpec, ModelSpec, read_spec

SEED = {
    "package_version": "1.0",
    "name": "Model Name",
    "version": "1.0.0",
    "author": "Author Name",
    "description": "Model description",
    "license": "MIT",
    "created": "2024-01-01T00:00:00",
    "format": "onnx",
    "num_categories": 50,
    "tags": ["ps2", "textures", "classification"],
    "model_hash": "0" * 64,
    "model_size": 12345678,
    "framework": "onnxruntime",
    "compatibility": {"min_app_version": "1.0.0", "python_version": "3.8+"},
}
"""The example of the format's own description, with a hash in place of the words "sha256_hash"."""


def test_the_formats_own_example_is_read() -> None:
    spec = ModelSpec.parse(SEED, "metadata.json")
    assert (spec.name, spec.num_categories, spec.tags[0]) == ("Model Name", 50, "ps2")
    assert spec.compatibility.python_version == "3.8+"
    assert spec.heads == ()


def test_fields_of_a_newer_writer_come_back_out() -> None:
    fields = SEED | {"package_version": "1.7", "mood": {"sunny": True}, "heads": [{"name": "a", "kind": "b", "odd": 1}]}
    again = json.loads(ModelSpec.parse(fields, "metadata.json").to_json())
    assert again["mood"] == {"sunny": True}
    assert again["heads"][0]["odd"] == 1
    assert again["package_version"] == "1.7"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"package_version": "2.0"}, "package version '2.0' is not 1.x"),
        ({"package_version": "one"}, "package version 'one' is not 1.x"),
        ({"name": ""}, "name"),
        ({"model_hash": "xyz"}, "model_hash"),
        ({"num_categories": -1}, "num_categories"),
        ({"heads": [{"name": "a", "kind": "categories", "categories": ["x", "x"]}]}, "listed twice"),
        ({"heads": [{"name": "a", "kind": "b"}, {"name": "a", "kind": "c"}]}, "two heads have the same name"),
        ({"heads": [{"name": "a", "kind": "b", "unknown_below": 0.5, "unsure_below": 0.4}]}, "above unsure_below"),
        ({"heads": [{"name": "a", "kind": "b", "unsure_below": 1.5}]}, "unsure_below"),
        ({"heads": [{"name": "a", "kind": "b", "temperature": 0}]}, "temperature"),
        ({"heads": [{"name": "a", "kind": "b", "temperature": float("inf")}]}, "temperature"),
        ({"heads": [{"name": "a", "kind": "b", "state_hash": "../state.npz"}]}, "state_hash"),
        ({"accuracy": [{"metric": "top-1", "value": 0.7, "images": 0, "split": "test"}]}, "accuracy.0.images"),
    ],
)
def test_what_can_not_be_used_is_one_sentence_that_names_it(change: dict[str, object], said: str) -> None:
    with pytest.raises(ModelError) as caught:
        ModelSpec.parse(SEED | change, "here/metadata.json")
    assert said in str(caught.value)
    assert str(caught.value).startswith("here/metadata.json can't be used: ")
    assert "\n" not in str(caught.value)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from([*SEED, "heads", "accuracy"]), st.none() | st.integers() | st.text() | st.lists(st.text())
    )
)
def test_no_content_raises_anything_but_a_model_error(change: dict[str, object]) -> None:
    try:
        spec = ModelSpec.parse(SEED | change, "metadata.json")
    except ModelError:
        return
    assert ModelSpec.parse(json.loads(spec.to_json()), "metadata.json") == spec


def test_read_from_a_folder(tmp_path: Path) -> None:
    spec = ModelSpec(name="Größe 東京", heads=(HeadSpec(name="category", kind="categories", categories=("a", "b")),))
    (tmp_path / "metadata.json").write_text(spec.to_json(), encoding="utf-8")
    assert read_spec(tmp_path) == spec


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "has no metadata.json"),
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe\xfd", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "name"),
    ],
)
def test_a_file_that_is_no_spec_is_one_sentence(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "metadata.json").write_bytes(content)
    with pytest.raises(ModelError, match=said):
        read_spec(tmp_path)
