"""The training example of the document "AI Model System" as it is written, but for the import line.

``python -m tests.engine.document_training`` runs it in the current folder.
"""

from __future__ import annotations

__all__ = ["EXAMPLE"]

EXAMPLE = """
from training.pytorch.scripting import is_pytorch_available, PyTorchTrainer

if not is_pytorch_available():
    print("Install PyTorch to enable training: pip install torch torchvision")
else:
    import torch, torch.nn as nn
    from torch.utils.data import DataLoader, TensorDataset

    # Build a simple classifier
    model = nn.Sequential(
        nn.Flatten(),
        nn.Linear(3 * 224 * 224, 256),
        nn.ReLU(),
        nn.Linear(256, 50),    # 50 texture categories
    )

    # Toy dataset
    X = torch.randn(200, 3, 224, 224)
    y = torch.randint(0, 50, (200,))
    loader = DataLoader(TensorDataset(X, y), batch_size=16)

    trainer = PyTorchTrainer(model, loader, learning_rate=1e-3)

    # Optional progress callback for UI integration
    def on_epoch(epoch, total, metrics):
        print(f"  Epoch {epoch}/{total}: loss={metrics['train_loss']:.4f}")

    trainer.train(epochs=5, progress_callback=on_epoch)

    # Export to ONNX for use in inference pipeline
    trainer.export_checkpoint("models/my_classifier.onnx")
    # Now load it back with OnnxInferenceSession for batch processing
"""

if __name__ == "__main__":
    exec(compile(EXAMPLE, "example", "exec"), {})  # noqa: S102 - the document's own text
