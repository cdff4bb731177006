"""The starter model's card: what a person should know before they trust it, written from what was measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.spec import ModelSpec
from training.metrics.categories import confusions, per_class

__all__ = ["DESCRIPTIONS", "model_card"]

DESCRIPTIONS: Mapping[str, str] = {
    "brick": "walls of small regular bricks, also painted ones",
    "concrete": "concrete, cement, plaster and stucco, plain or stained",
    "fabric": "carpets, rugs, woven cloth, banners, padding",
    "ground": "sand, soil, dirt, mud, gravel, snow",
    "light": "lamps and glowing panels, on or off",
    "liquid": "water, slime, lava, ripple maps",
    "metal": "sheet metal, rust, grates, tread plate, corrugated iron, containers",
    "panel": "technical wall panels, computer walls, vents, sci-fi trim",
    "sign": "signs, posters, notices, logos, text, maps",
    "sky": "skies, clouds, space, sky-box sides",
    "stone": "rock, cliffs, stone blocks, marble, cobbles, reliefs",
    "tile": "floor and wall tiles, paving slabs, roof tiles",
    "vegetation": "grass, leaves, hedges, ivy, straw",
    "wood": "planks, boards, parquet, bark, crates",
}

GAMES: Mapping[str, str] = {
    "nexuiz": "Nexuiz 2.5.2 (Debian package nexuiz-textures)",
    "openarena": "OpenArena 0.8.1 (openarena-081-textures)",
    "ufoai": "UFO: Alien Invasion 2.5 (ufoai-textures)",
}

TEMPLATE = """# {name}, {version}

<!-- Written by `python -m training.starter`; edit training/starter_card.py instead. -->

{description}
A linear head on the bundled backbone (`{backbone}`, see `../backbone/README.md`).
`head.npz` holds weights only, no pictures.

## What it is for

A first answer on textures of games, to be corrected by the person who uses it. It knows the {classes} materials below
and nothing else: a face, a car or a photograph of a street gets one of them too. An answer with a confidence under
{unsure:.2f} is shown as unsure: from there on at least 85 % were right on the validation split.

## How well it does

{accuracy}

The embedding and the head were chosen on the train and validation splits alone, by cross-validation that leaves out
whole series of textures; it says 0.74, a little too high, as the choice was made by it. The test split was looked at
four times: for three earlier embeddings (0.700, 0.716 and 0.689), and once for this one, after it had been chosen. Read
these figures with a standard error of 0.03. Expect a few points less on games whose style differs much from the three
below.

| category | what is in it | test images | recall | precision |
| --- | --- | --- | --- | --- |
{figures}

Most frequent confusions (label, answer, images): {confused}.

Known limits: categories touch (a paving slab is tile and stone, a grate in a panel is metal and panel), and some
pictures could carry either label. Wood comes mostly from one game, sky mostly from another, fabric is mostly carpets,
and liquid has few pictures. Very dark pictures are answered worse.

## What it was made from

{total} textures by hand-checked labels, {train} of them used to fit, from three free games: {games}.

Licences of the pictures used to fit: {licences}. The authors are named file by file in the data set's `labels.csv`.
The weights are sums over all of these pictures, contain none of them, and are offered under {license} like the program;
whoever sees weights as a work derived from their pictures has to keep to the licences above. The backbone is under
Apache-2.0.

## Rebuild

    python -m training.starter --data ../shared/data

Ridge regression on standardised embeddings, each layer's block weighted alike, small classes weighted up; temperature
by the validation split.
"""


def model_card(
    spec: ModelSpec, probabilities: NDArray[np.float32], labels: NDArray[np.intp], rows: Sequence[Mapping[str, str]]
) -> str:
    """The text of ``README.md``.

    Args:
        spec: of the finished model.
        probabilities: of the test split, float32 (N, n).
        labels: of the test split, (N,).
        rows: of the data set's ``labels.csv``, all splits.
    """
    head = spec.heads[0]
    train = [row for row in rows if row["split"] == "train"]
    games = Counter(row["game"] for row in train)
    licences = Counter(row["licence"] for row in train)
    return TEMPLATE.format(
        name=spec.name,
        version=spec.version,
        description=spec.description,
        backbone=spec.backbone,
        license=spec.license,
        classes=len(head.categories),
        unsure=head.unsure_below,
        accuracy="\n".join(f"* {a.metric}, {a.split} split: {a.value:.3f} ({a.images} images)" for a in spec.accuracy),
        figures="\n".join(
            f"| {c.name} | {DESCRIPTIONS[c.name]} | {c.images} | {c.recall:.2f} | {c.precision:.2f} |"
            for c in per_class(probabilities, labels, head.categories)
        ),
        confused=", ".join(
            f"{label} as {answer} {n}" for label, answer, n in confusions(probabilities, labels, head.categories)[:6]
        ),
        total=len(rows),
        train=len(train),
        games=", ".join(f"{GAMES[name]} {n}" for name, n in sorted(games.items())),
        licences=", ".join(f"{name} {n}" for name, n in licences.most_common()),
    )
