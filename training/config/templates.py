"""What a training may be for: one template a task, with the hyper-parameters of its document or that its data need."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from models.errors import TrainingError, one_line
from training.config.config import TrainingConfig
from training.config.data import CurriculumStep
from training.config.heads import HeadConfig
from training.config.presets import PRESETS
from training.datasets.heads import HeadDef

__all__ = ["TEMPLATES", "Template", "begin", "template_for"]

Configure = Callable[[TrainingConfig, Sequence[HeadDef]], TrainingConfig]


@dataclass(frozen=True, slots=True)
class Template:
    """A task.

    Attributes:
        name: as configurations call it.
        title: for people.
        sentence: what comes out of it.
        kinds: the kinds of heads that it is for.
        datasets: of which templates of datasets it is the usual one; a name that ends in * stands for all that begin
            so.
        picture: the name of its picture.
        configure: its settings for given heads, with the preset "balanced".
    """

    name: str
    title: str
    sentence: str
    kinds: tuple[str, ...]
    datasets: tuple[str, ...]
    picture: str
    configure: Configure


def begin(
    template: str, preset: str = "balanced", heads: Sequence[HeadDef] = (), sources: Collection[str] | None = None
) -> TrainingConfig:
    """The configuration to begin with.

    Args:
        template: name of a template; "" for "general".
        preset: name of a preset.
        heads: those of the dataset; without them nothing is said of single heads.
        sources: those of the dataset; a curriculum and weights of sources are left out where it lacks one that they
            name. None while they are not known.

    Raises:
        TrainingError: there is no such template or preset.
    """
    name = template or "general"
    if name not in TEMPLATES:
        raise TrainingError(f"There is no template {one_line(name)}; the templates are: {', '.join(TEMPLATES)}.")
    if preset not in PRESETS:
        raise TrainingError(f"There is no preset {one_line(preset)}; the presets are: {', '.join(PRESETS)}.")
    base = TrainingConfig(template=name, heads={head.name: HeadConfig() for head in heads})
    config = PRESETS[preset].apply(TEMPLATES[name].configure(base, heads))
    if sources is not None and not _sources_named(config) <= set(sources):
        config = _with(config, data={"curriculum": (), "source_weights": {}})
    return config


def template_for(dataset_template: str, heads: Sequence[HeadDef] = ()) -> Template:
    """The usual template for a dataset: by its own template, else by the kinds of its heads."""
    for one in _ALL:
        if any(_named(dataset_template, name) for name in one.datasets):
            return one
    by_kind = {"boxes": "detection", "image": "colour"}
    kinds = {head.kind for head in heads}
    return TEMPLATES[by_kind.get(kinds.pop(), "general") if len(kinds) == 1 else "general"]


def _sources_named(config: TrainingConfig) -> set[str]:
    return {source for step in config.data.curriculum for source in step.shares} | set(config.data.source_weights)


def _named(template: str, name: str) -> bool:
    return template == name or (name.endswith("*") and template.startswith(name[:-1]))


def _general(config: TrainingConfig, _heads: Sequence[HeadDef]) -> TrainingConfig:
    return config


def _textures(config: TrainingConfig, _heads: Sequence[HeadDef]) -> TrainingConfig:
    return _with(config, data={"side": 192}, tuning={"head_rate": 5.0}, regularisation={"ema_decay": 0.99})


CURRICULUM = (
    CurriculumStep(from_epoch=0, shares={"real": 0.2, "legacy": 0.4, "b200c": 0.4}),
    CurriculumStep(from_epoch=5, shares={"real": 0.5, "legacy": 0.25, "b200c": 0.25}),
    CurriculumStep(from_epoch=15, shares={"real": 0.7, "legacy": 0.15, "b200c": 0.15}),
)
"""Parts: mostly rendered pictures first, mostly real ones at the end."""


def _parts(config: TrainingConfig, heads: Sequence[HeadDef]) -> TrainingConfig:
    """The document's: part and colour share a layer of 512; the colour counts half, and only where it is known."""
    names = [head.name for head in heads]
    first = next((name for name in names if name == "part"), names[0] if names else "")
    weights = {name: HeadConfig(weight=1.0 if name == first else 0.5, label_smoothing=0.1) for name in names}
    return _with(
        config.model_copy(update={"heads": weights}),
        data={
            "side": 224,
            "batch_size": 64,
            "source_weights": {"real": 3.0, "legacy": 1.0, "b200c": 1.0},
            "curriculum": CURRICULUM,
        },
        model={"hidden": 512, "dropout": 0.3},
        tuning={"freeze_ratio": 0.5},
        optimiser={"learning_rate": 1e-4, "weight_decay": 0.01},
        schedule={"kind": "cosine", "epochs": 30, "warmup_epochs": 3.0},
        stopping={"patience": 5, "monitor": f"{first}.accuracy" if first else "auto"},
    )


def _dense(config: TrainingConfig) -> TrainingConfig:
    """What the document on furniture gives for masks and colours alike; the losses' weights are the usual ones."""
    return _with(
        config,
        data={"side": 256, "batch_size": 16},
        optimiser={"learning_rate": 1e-4, "gradient_clipping": 1.0},
        schedule={"kind": "cosine", "epochs": 100},
        stopping={"patience": 10},
    )


def _furniture(config: TrainingConfig, _heads: Sequence[HeadDef]) -> TrainingConfig:
    return _dense(config)


def _colour(config: TrainingConfig, _heads: Sequence[HeadDef]) -> TrainingConfig:
    return _dense(config)


def _photometric(config: TrainingConfig, heads: Sequence[HeadDef]) -> TrainingConfig:
    """As pictures in other colours; normals and depths have no style, and are no sight for a network of photographs."""
    plain = {head.name: HeadConfig(perceptual_weight=0.0, style_weight=0.0) for head in heads}
    return _dense(config.model_copy(update={"heads": plain}))


def _cards(config: TrainingConfig, heads: Sequence[HeadDef]) -> TrainingConfig:
    """The document's: focal loss, part of the backbone frozen, 25 epochs; Mask R-CNN where there are outlines."""
    focal = {head.name: HeadConfig(loss="focal", focal_alpha=0.25, focal_gamma=2.0) for head in heads}
    return _with(
        config.model_copy(update={"heads": focal}),
        data={"batch_size": 12},
        model={"detector": "maskrcnn", "dropout": 0.1},
        tuning={"freeze_ratio": 0.3},
        optimiser={"learning_rate": 8e-4, "weight_decay": 1e-4, "momentum": 0.9, "gradient_clipping": 1.0},
        schedule={"kind": "cosine", "epochs": 25},
        stopping={"patience": 5, "min_delta": 0.001},
    )


def _detection(config: TrainingConfig, _heads: Sequence[HeadDef]) -> TrainingConfig:
    return _with(config, data={"side": 320, "batch_size": 8}, tuning={"freeze_norm": True}, schedule={"epochs": 40})


def _with(config: TrainingConfig, **sections: Mapping[str, object]) -> TrainingConfig:
    changed = {name: getattr(config, name).model_copy(update=values) for name, values in sections.items()}
    return config.model_copy(update=changed)


_ALL = (
    Template(
        "textures",
        "Textures",
        "Says which material a picture shows.",
        ("categories",),
        ("textures",),
        "textures",
        _textures,
    ),
    Template(
        "parts",
        "Parts and colours",
        "Says which part it is and which colour it has, trained on rendered and real pictures.",
        ("categories",),
        ("parts",),
        "parts",
        _parts,
    ),
    Template(
        "furniture",
        "Furniture segmentation",
        "Says of every pixel whether it is drawer, frame, handle or something else.",
        ("mask",),
        ("furniture-segmentation",),
        "furniture",
        _furniture,
    ),
    Template(
        "colour",
        "Colour transfer",
        "Shows the same furniture in another colour.",
        ("image",),
        ("colour-transfer",),
        "colour",
        _colour,
    ),
    Template(
        "cards",
        "Cards",
        "Finds borders and defects of cards, and grades corners, edges and surfaces.",
        ("grade", "tags", "boxes", "mask"),
        ("border-*", "corner-*", "edge", "surface-*"),
        "cards",
        _cards,
    ),
    Template(
        "photometric",
        "Photometric stereo",
        "Sees normals, reflectance or depth of a surface.",
        ("image",),
        ("photometric-*",),
        "photometric",
        _photometric,
    ),
    Template(
        "detection",
        "Detection",
        "Finds things in pictures, each with a box.",
        ("boxes",),
        ("detection",),
        "detection",
        _detection,
    ),
    Template(
        "general",
        "Anything",
        "Answers whatever the dataset asks, with settings that suit most pictures.",
        ("categories", "tags", "grade", "mask", "boxes", "image"),
        ("tags", ""),
        "general",
        _general,
    ),
)

TEMPLATES: Mapping[str, Template] = MappingProxyType({one.name: one for one in _ALL})
"""Name -> template, in the order in which they are offered."""
