"""The document "AI Model System": its example of batch inference, run as it is written but for the import lines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.models.onnx_models import classifier, save

CLASSES = 50


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the file that the example names, as the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    save(classifier(classes=CLASSES, opset=11, side=224), tmp_path / "models" / "classifier.onnx")
    return tmp_path


def test_batch_inference(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import numpy as np

    from models.inference import OnnxInferenceSession, is_available, run_batch_inference

    # Check availability
    print("ONNX available:", is_available())  # noqa: T201 - as written

    # Single image
    session = OnnxInferenceSession("models/classifier.onnx", num_threads=4)
    if session.is_ready():
        image = np.random.randn(1, 3, 224, 224).astype(np.float32)
        logits = session.run(image)  # shape: (1, num_classes)

    # Batch pipeline
    images = [np.random.randn(3, 224, 224).astype(np.float32) for _ in range(100)]
    results = run_batch_inference("models/classifier.onnx", images)

    assert capsys.readouterr().out == "ONNX available: True\n"
    assert logits.shape == (1, CLASSES)
    assert len(results) == 100
    np.testing.assert_allclose(results[7], session.run(images[7][None])[0], rtol=1e-4, atol=1e-4)


def test_the_check_of_the_training_document(here: Path) -> None:
    """ "Integration Testing" of the model training specification: any size that the network leaves open."""
    save(classifier(classes=3, opset=11, side="side"), here / "model.onnx")
    from models.inference import OnnxInferenceSession

    session = OnnxInferenceSession("model.onnx")
    test_input = np.random.default_rng(0).normal(size=(1, 3, 256, 256)).astype(np.float32)
    result = session.run_all({session.inputs[0].name: test_input})
    assert next(iter(result.values())).shape[0] == 1
