"""The document "AI Model System": its example of training, run as it is written but for the import lines.

Here without PyTorch; ``tests/engine/test_document_training.py`` runs the same text where it is.
"""

from __future__ import annotations

import sys

import pytest

from tests.engine.document_training import EXAMPLE
from training.pytorch.scripting import PyTorchTrainer, export_to_onnx, is_pytorch_available


def test_the_example_says_how_to_get_pytorch(capsys: pytest.CaptureFixture[str]) -> None:
    assert not is_pytorch_available()
    exec(compile(EXAMPLE, "example", "exec"), {})  # noqa: S102 - the document's own text
    assert capsys.readouterr().out == "Install PyTorch to enable training: pip install torch torchvision\n"
    assert "torch" not in sys.modules


@pytest.mark.parametrize(
    "use",
    [
        lambda: PyTorchTrainer(object(), [], learning_rate=1e-3),
        lambda: export_to_onnx(object(), "model.onnx"),
    ],
)
def test_without_pytorch_there_are_instructions(use: object) -> None:
    assert callable(use)
    with pytest.raises(RuntimeError, match=r"pip install torch torchvision"):
        use()
