"""Makes the files that ``tests.benchmarks.conversion`` converts. Run by an engine's interpreter, in its own process.

    python -m tests.benchmarks.conversion_files torch FOLDER

Weights are random: nothing is downloaded. Those that a network begins with are spread a little more, or most of its
layers would do nothing, and detectors would find nothing.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

from training.samples import pictures

TIMM = {
    "resnet50d": "as it is",
    "vit_tiny_patch16_224": "as it is",
    "deit_tiny_distilled_patch16_224": "as it is",
    "swin_tiny_patch4_window7_224": "Lightning's checkpoint (model.)",
    "mobilenetv4_conv_small": "as timm's training writes it, averages and all",
    "efficientnet_lite0": "7 categories",
    "convnextv2_atto": "safetensors",
    "ghostnet_100": "from torch.compile (_orig_mod.)",
    "levit_128s": "as it is",
    "repvgg_a0": "as it is",
    "mobilevit_xxs": "as it is",
    "hrnet_w18_small": "as it is",
}
TORCHVISION = {
    "resnet18": "as it is",
    "resnet50": "from several GPUs (module.), 12 categories",
    "efficientnet_b0": "named efficientnet_b0-random.pth",
    "mobilenet_v3_small": "as before PyTorch 1.6",
    "convnext_tiny": "half precision",
    "densenet121": "as it is",
    "vit_b_16": "as it is",
    "swin_t": "as it is",
    "regnet_y_400mf": "as it is",
    "inception_v3": "as it is",
    "squeezenet1_1": "5 categories",
    "shufflenet_v2_x1_0": "as it is",
    "lraspp_mobilenet_v3_large": "as it is",
    "deeplabv3_mobilenet_v3_large": "with its second head",
}
DETECTORS = {
    "fcos_resnet50_fpn": "as it is",
    "ssdlite320_mobilenet_v3_large": "as it is",
    "maskrcnn_resnet50_fpn": "as it is",
    "fasterrcnn_mobilenet_v3_large_320_fpn": "4 categories",
}


def spread(network: Any) -> None:
    """Make every layer of ``network`` do something."""
    import torch

    torch.manual_seed(5)
    for module in network.modules():
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    for parameter in network.parameters():
        if parameter.dim() <= 1:
            parameter.data += 0.05 * torch.randn_like(parameter)
        elif not parameter.any():
            parameter.data.normal_(0, 0.02)


def write_torch(folder: Path) -> None:
    """A file for each of the networks above, and TorchScript."""
    import timm
    import torch
    import torchvision
    from safetensors.torch import save_file

    def count(how: str) -> int:
        return next((int(word) for word in how.replace(",", "").split() if word.isdecimal()), 1000)

    for name, how in TIMM.items():
        network = timm.create_model(name, num_classes=count(how)).eval()
        spread(network)
        tensors = dict(network.state_dict())
        path = folder / f"timm {name}.pth"
        if "Lightning" in how:
            content = {f"model.{key}": value for key, value in tensors.items()}
            torch.save({"state_dict": content, "epoch": 3, "pytorch-lightning_version": "2.6.6"}, path)
        elif "averages" in how:
            zeros = {key: torch.zeros_like(value) for key, value in tensors.items()}
            torch.save({"arch": name, "epoch": 9, "state_dict": zeros, "state_dict_ema": tensors}, path)
        elif "_orig_mod" in how:
            torch.save({f"_orig_mod.{key}": value for key, value in tensors.items()}, path)
        elif how == "safetensors":
            save_file({key: value.contiguous() for key, value in tensors.items()}, path.with_suffix(".safetensors"))
        else:
            torch.save(tensors, path)
    for name, how in TORCHVISION.items():
        options = {"init_weights": False} if name == "inception_v3" else {}
        if name.startswith(("lraspp", "deeplab")):
            options = {"weights_backbone": None, "num_classes": 21}
            if "second" in how:
                options["aux_loss"] = True
        else:
            options["num_classes"] = count(how)
        network = torchvision.models.get_model(name, weights=None, **options).eval()
        spread(network)
        tensors = dict(network.state_dict())
        path = folder / f"torchvision {name}.pth"
        if "module." in how:
            tensors = {f"module.{key}": value for key, value in tensors.items()}
        if "half" in how:
            tensors = {key: value.half() if value.is_floating_point() else value for key, value in tensors.items()}
        path = folder / "efficientnet_b0-random.pth" if name == "efficientnet_b0" else path
        torch.save(tensors, path, _use_new_zipfile_serialization="1.6" not in how)
    for name, how in DETECTORS.items():
        network = torchvision.models.get_model(
            name, weights=None, weights_backbone=None, num_classes=4 if "4" in how else 91
        ).eval()
        spread(network)
        for inner, parameter in network.named_parameters():
            if "cls_logits.bias" in inner:
                parameter.data.normal_(-1, 0.5)
            elif "cls_score.weight" in inner:
                parameter.data *= 20
        if "ssd" in name:  # else it says the same of every place, and which of those come first is chance
            network.train()
            for module in network.modules():
                if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                    module.momentum = 1.0
            with torch.no_grad():
                network.head(list(network.backbone(torch.rand(8, 3, 320, 320)).values()))
            network.eval()
            for inner, parameter in network.named_parameters():
                if "classification_head" in inner and inner.endswith("1.weight"):
                    parameter.data *= 2
        torch.save(network.state_dict(), folder / f"torchvision {name}.pth")
    network = torchvision.models.resnet18(num_classes=10).eval()
    spread(network)
    torch.jit.trace(network, torch.rand(1, 3, 224, 224)).save(folder / "traced resnet18.pt")
    torch.jit.script(network).save(folder / "scripted resnet18.pt")


def spread_keras(network: Any, high: float) -> None:
    """As ``spread``: until its normalising layers have seen pictures, a deep network says the same of all of them.

    Args:
        network: whose last layer tells categories apart.
        high: the largest number in its pictures.
    """
    import keras

    for place, weight in enumerate(one for one in network.weights if len(one.shape) == 1):
        weight.assign_add(0.05 * keras.random.uniform(weight.shape, 0, 1, seed=place))
    normalising = [one for one in network.layers if isinstance(one, keras.layers.BatchNormalization)]
    kept = [one.momentum for one in normalising]
    for one in normalising:
        one.momentum = 0.0
    network(pictures((8, *network.input_shape[1:]), high=high), training=True)
    for one, momentum in zip(normalising, kept, strict=True):
        one.momentum = momentum
    kernel = network.layers[-1].kernel
    kernel.assign(4 * kernel)


def write_tensorflow(folder: Path) -> None:
    """MobileNetV2 and a small network of its own, in every form."""
    import keras
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    keras.utils.set_random_seed(5)
    layers = keras.layers
    small = keras.Sequential(
        [
            keras.Input((64, 64, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.SeparableConv2D(32, 3, strides=2, activation="swish"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(5, activation="softmax"),
        ],
        name="small",
    )
    big = keras.applications.MobileNetV2(weights=None, classes=7)
    for network, name, high in ((small, "small", 255.0), (big, "MobileNetV2", 1.0)):
        spread_keras(network, high)
        network.save(folder / f"{name}.keras")
        network.save(folder / f"{name}.h5")
        network.export(folder / f"{name} saved")
        loaded = tf.saved_model.load(str(folder / f"{name} saved"))
        frozen = convert_variables_to_constants_v2(loaded.signatures["serving_default"]).graph.as_graph_def()
        (folder / f"{name}.pb").write_bytes(frozen.SerializeToString())


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    {"torch": write_torch, "tensorflow": write_tensorflow}[sys.argv[1]](Path(sys.argv[2]))
