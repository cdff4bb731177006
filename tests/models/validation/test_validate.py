"""The check-list, on real models and on such as are wrong in one way each."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pytest

from models.errors import Cancelled, ModelError
from models.library import STARTER
from models.spec import read_spec
from models.validation import Check, cost, find_original, validate
from models.validation.check import (
    BATCHES,
    CHECKS,
    FINITE,
    HASHES,
    LATENCY,
    LOADS,
    MEMORY,
    METADATA,
    PARITY,
    SHAPES,
    SIZE,
)
from models.worker import Limits
from tests.models import onnx_models
from tests.models.made_models import KINDS, PLAIN, make, pictures, write
from training.model_folder import create

MEASURED = {LATENCY, MEMORY}
"""What another program on this computer may make fail."""


def by_name(checks: list[Check]) -> dict[str, Check]:
    assert tuple(check.name for check in checks) == CHECKS
    assert all(check.advice for check in checks if check.outcome == "fail")
    return {check.name: check for check in checks}


def outcomes(checks: list[Check]) -> dict[str, str]:
    return {name: check.outcome for name, check in by_name(checks).items() if name not in MEASURED}


def test_the_starter_model_passes() -> None:
    checks = by_name(validate(None))
    failed = {name for name, check in checks.items() if check.outcome == "fail"}
    assert failed <= MEASURED
    assert checks[PARITY] == Check(PARITY, "not applicable", "no original at hand")
    assert checks[SHAPES].figure == "224 × 224 × 3 to material (categories, 14)"
    assert "runs), 1 thread" in checks[LATENCY].figure


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_of_every_kind_passes(tmp_path: Path, kind: str) -> None:
    make(tmp_path / "m", kind)
    found = outcomes(validate(tmp_path / "m"))
    assert {name for name, outcome in found.items() if outcome != "pass"} == {PARITY}


def test_a_model_made_here_is_its_network(tmp_path: Path) -> None:
    create(tmp_path / "m", "Bricks", ["part"], read_spec(STARTER).backbone or "")
    checks = by_name(validate(tmp_path / "m"))
    assert checks[LOADS].figure == "heads on the bundled network; 1 of its questions come from what was taught"
    assert checks[FINITE].outcome == "pass"
    assert (checks[METADATA].outcome, checks[METADATA].figure) == ("fail", "no licence")
    assert checks[HASHES].outcome == "not applicable"


def test_what_is_no_network(tmp_path: Path) -> None:
    make(tmp_path / "m")
    (tmp_path / "m" / "model.onnx").write_bytes(b"not a network")
    checks = by_name(validate(tmp_path / "m"))
    assert checks[LOADS].outcome == "fail"
    assert "can't be loaded" in checks[LOADS].figure
    assert checks[SHAPES] == Check(SHAPES, "not applicable", "it could not be run")
    assert checks[HASHES].outcome == "fail"
    assert checks[HASHES].figure == "not of model.onnx"


def test_a_spec_that_does_not_fit_its_network(tmp_path: Path) -> None:
    make(tmp_path / "m", preprocessing={**PLAIN, "side": 48})
    found = outcomes(validate(tmp_path / "m"))
    assert (found[LOADS], found[SHAPES], found[FINITE]) == ("pass", "fail", "not applicable")


def test_numbers_that_are_none(tmp_path: Path) -> None:
    _, heads, how = KINDS["categories"]
    write(tmp_path / "m", onnx_models.broken_weights(onnx_models.classifier()), heads, how)
    checks = by_name(validate(tmp_path / "m"))
    assert (checks[LOADS].outcome, checks[FINITE].outcome) == ("pass", "fail")
    assert "no numbers (NaN)" in checks[FINITE].figure


def test_a_fixed_batch_is_said(tmp_path: Path) -> None:
    _, heads, how = KINDS["categories"]
    write(tmp_path / "m", onnx_models.classifier(batch=1), heads, how)
    check = by_name(validate(tmp_path / "m"))[BATCHES]
    assert check.outcome == "not applicable"
    assert check.figure.startswith("fixed at 1;")


def test_metadata_that_is_not_complete(tmp_path: Path) -> None:
    make(tmp_path / "m", description="", license=" ", num_categories=9)
    check = by_name(validate(tmp_path / "m"))[METADATA]
    assert check.outcome == "fail"
    assert check.figure == "no description; no licence; num_categories is 9 and there are 4 of material"


def test_a_child_that_goes_past_its_memory_or_time(tmp_path: Path) -> None:
    make(tmp_path / "m")
    checks = by_name(validate(tmp_path / "m", limits=Limits(memory=20 << 20, seconds=60)))
    assert checks[MEMORY].outcome == "fail"
    assert "needs more memory" in checks[MEMORY].figure
    checks = by_name(validate(tmp_path / "m", limits=Limits(seconds=0.01)))
    assert checks[LOADS].outcome == "fail"
    assert "was not done within 0.01 seconds" in checks[LOADS].figure


def test_the_original_is_compared_with_where_it_is_installed(tmp_path: Path) -> None:
    original = make(tmp_path / "original")
    make(tmp_path / "copy", original=original.model_hash)
    others = [tmp_path / "gone", tmp_path / "copy", tmp_path / "original"]
    spec = read_spec(tmp_path / "copy")
    assert find_original(spec, others[:1]) is None
    assert find_original(spec, [tmp_path / "original"]) == tmp_path / "original"
    check = by_name(validate(tmp_path / "copy", installed=[tmp_path / "original"]))[PARITY]
    assert (check.outcome, check.figure) == ("pass", "0.0000 apart at most from Tiny, in 16 pictures")

    network = onnx_models.classifier()
    weights = network.graph.initializer[-2]  # of the last layer
    values = 3 * np.frombuffer(weights.raw_data, np.float32)
    weights.raw_data = values.tobytes()
    write(tmp_path / "changed", network, KINDS["categories"][1], PLAIN, original=original.model_hash)
    check = by_name(validate(tmp_path / "changed", installed=[tmp_path / "original"]))[PARITY]
    assert check.outcome == "fail"


def test_a_network_beside_its_heads_is_the_original(tmp_path: Path) -> None:
    """Heads of the starter model, and a network that answers something else."""
    folder = tmp_path / "m"
    spec = read_spec(STARTER)
    write(
        folder,
        onnx_models.classifier(classes=14, side=224, layout="NHWC", dtype="uint8"),
        [spec.heads[0].model_dump(mode="json") | {"state_hash": ""}],
        {"side": 224},
        backbone=spec.backbone,
        files={"head-0.npz": spec.model_hash},
    )
    (folder / "head-0.npz").write_bytes((STARTER / "head.npz").read_bytes())
    checks = by_name(validate(folder))
    assert checks[LOADS].figure == "heads on the bundled network"
    assert checks[HASHES].figure == "2 files, SHA-256"
    assert checks[PARITY].outcome == "fail"
    assert "apart at most from its model.onnx" in checks[PARITY].figure


@pytest.mark.parametrize("options", [{}, {"layout": "NHWC", "dtype": "uint8", "batch": 2}, {"side": "side"}])
def test_a_single_file_without_metadata(tmp_path: Path, options: dict[str, object]) -> None:
    path = onnx_models.save(onnx_models.classifier(**options), tmp_path / "m.onnx")
    found = outcomes(validate(path))
    assert (found[LOADS], found[FINITE], found[SIZE]) == ("pass", "pass", "pass")
    assert found[BATCHES] == ("not applicable" if "batch" in options else "pass")
    assert {found[name] for name in (SHAPES, METADATA, HASHES, PARITY)} == {"not applicable"}


def test_a_file_in_its_folder_is_the_model(tmp_path: Path) -> None:
    make(tmp_path / "m")
    assert by_name(validate(tmp_path / "m" / "model.onnx"))[METADATA].outcome == "pass"
    (tmp_path / "m" / "metadata.json").write_text("{}")
    assert by_name(validate(tmp_path / "m" / "model.onnx"))[METADATA].figure == "it has no metadata"
    assert by_name(validate(tmp_path / "m"))[LOADS].outcome == "fail"


def test_it_can_be_cancelled(tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        validate(None, cancel=cancel)


def test_what_a_picture_costs(tmp_path: Path) -> None:
    make(tmp_path / "m")
    (tmp_path / "broken.png").write_bytes(b"broken")
    paths = pictures(tmp_path / "p", 6)
    found = cost(tmp_path / "m", [*paths, tmp_path / "broken.png"])
    assert found.runs == 6
    assert 0 < found.inference_p50 < found.p50 <= found.p95
    assert 10 << 20 < found.memory < 1 << 30
    assert found.beyond_runtime < found.memory
    with pytest.raises(ModelError, match="None of the pictures can be read"):
        cost(tmp_path / "m", [tmp_path / "broken.png"])


def test_a_check_is_json_and_back() -> None:
    check = Check(SIZE, "fail", "1", "2")
    assert Check.of_json(json.loads(json.dumps(check.to_json()))) == check
