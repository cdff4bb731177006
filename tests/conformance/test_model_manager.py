"""The document "AI Model System": its examples of the manager, run as they are written but for the import lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image as PillowImage

from tests.models.networks import COLOURS, write_colours
from tests.models.online.server import Planned, serving


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the examples name, as the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    write_colours(tmp_path / "models" / "my_model.onnx", names=["metal", "stone", "wood"])
    PillowImage.new("RGBA", (64, 32), (230, 20, 20, 255)).save(tmp_path / "texture.dds")
    PillowImage.new("L", (64, 32), 99).save(tmp_path / "texture.png")
    return tmp_path


def test_basic_usage(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from models import ModelManager

    # Create manager with default settings
    manager = ModelManager.create_default()

    # Classify a texture
    import numpy as np
    from PIL import Image

    image = np.array(Image.open("texture.dds"))
    predictions = manager.predict(image, top_k=5)

    for pred in predictions:
        print(f"{pred['category']}: {pred['confidence']:.2%}")  # noqa: T201 - as written

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert all(line.endswith("%") for line in lines)
    assert len(manager.predict(np.array(Image.open("texture.png")))) == 5


def test_with_configuration(here: Path) -> None:
    from pathlib import Path

    from models import ModelManager

    config = {
        "offline_enabled": True,
        "offline_model_path": Path("models/my_model.onnx"),
        "online_enabled": True,
        "online": {
            "enabled": True,
            "api_key": "your-api-key",
            "api_url": "https://api.openai.com/v1",
            "model": "clip-vit-base-patch32",
            "timeout": 30,
            "max_requests_per_minute": 60,
        },
        "blend_mode": "confidence_weighted",
        "min_confidence": 0.3,
    }

    manager = ModelManager.create_default(config)

    stats = manager.get_stats()
    assert (stats["offline_available"], stats["online_available"], stats["blend_mode"]) == (
        True,
        True,
        "confidence_weighted",
    )


def test_the_same_configuration_with_a_custom_endpoint(here: Path) -> None:
    import numpy as np

    from models import ModelManager

    response = {
        "predictions": [
            {"label": "metal", "score": 0.85},
            {"label": "stone", "score": 0.10},
            {"label": "wood", "score": 0.05},
        ]
    }
    with serving(Planned(response)) as script:
        config: dict[str, Any] = {
            "offline_model_path": Path("models/my_model.onnx"),
            "online_enabled": True,
            "online": {
                "enabled": True,
                "api_key": "sk-...",
                "api_url": script.url,
                "model": "clip-vit-base-patch32",
                "timeout": 30,
                "max_requests_per_minute": 60,
                "max_requests_per_hour": 1000,
            },
            "blend_mode": "average",
            "min_confidence": 0.3,
        }
        manager = ModelManager.create_default(config)
        predictions = manager.predict(np.full((16, 16, 3), (255, 0, 0), np.uint8), top_k=5)
    path, headers, body = script.asked[0]
    assert (path, headers["Authorization"]) == ("/classify", "Bearer sk-...")
    assert (body["model"], body["labels"]) == ("clip-vit-base-patch32", ["metal", "stone", "wood"])
    assert [one["category"] for one in predictions] == ["metal"]
    assert predictions[0]["confidence"] == pytest.approx((0.85 + 1.0) / 2, abs=0.01)


def test_user_feedback_learning(here: Path, workspace: Path) -> None:
    import numpy as np

    from models import ModelManager
    from training.corrections import IncrementalLearner

    (here / "textures").mkdir()
    PillowImage.new("RGB", (8, 8), (9, 9, 9)).save(here / "textures" / "metal_01.dds")
    manager = ModelManager.create_default({"offline_model_path": Path("models/my_model.onnx")})
    image = np.full((16, 16, 3), (0, 255, 0), np.uint8)
    learner = IncrementalLearner()

    # User corrects a prediction
    learner.record_correction(
        texture_path="textures/metal_01.dds",
        corrected_category="metal",
        original_predictions=[{"category": "stone", "confidence": 0.7}],
    )

    # Apply learned adjustments to future predictions
    predictions = manager.predict(image)
    adjusted = learner.adjust_predictions(predictions)

    before = {one["category"]: one["confidence"] for one in predictions}
    after = {one["category"]: one["confidence"] for one in adjusted}
    assert after.keys() == before.keys()
    assert after["metal"] > before["metal"]


def test_error_handling(here: Path) -> None:
    import numpy as np

    from models import ModelManager

    image = np.full((16, 16, 3), (0, 0, 255), np.uint8)
    # 1. Online fails -> falls back to offline
    with serving(Planned(status=401)) as script:
        manager = ModelManager.create_default(
            {
                "offline_model_path": Path("models/my_model.onnx"),
                "online_enabled": True,
                "online": {"enabled": True, "api_key": "k", "api_url": script.url},
            }
        )
        assert manager.predict(image)[0]["category"] == "wood"
        assert len(script.asked) == 1
    # 3. No models available -> falls back to rule-based classification
    manager = ModelManager.create_default({"offline_enabled": False})
    guesses = manager.predict(image)
    assert len(guesses) == 5
    assert all(0 <= guess["confidence"] <= 0.5 for guess in guesses)
    assert manager.get_stats()["rules"] == 1


def test_the_document_s_onnx_metadata_names_the_categories(here: Path) -> None:
    from models.inference import OnnxInferenceSession
    from models.offline import OfflineModel

    path = write_colours(here / "models" / "colours.onnx")
    assert set(OnnxInferenceSession(path).metadata) == {"categories", "version", "description"}
    assert OfflineModel(path).categories == COLOURS
