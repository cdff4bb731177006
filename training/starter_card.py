"""The starter model's card: what a person should know before they trust it, written from what was measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.spec import ModelSpec
from training.metrics.categories import accuracy, confusions, per_class

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
`head.npz` answers. `state-0.npz` is the same head in the form that goes on learning: it holds, of each of the {train}
pictures it was fitted on, the embedding ({dimensions} numbers), the category, the SHA-256 of the file and a digest of
the name of its series. No pictures, no names.

## What it is for

A first answer on textures of games, to be corrected by the person who uses it. It knows the {classes} materials below
and nothing else: a face, a car or a photograph of a street may get one of them too. Two confidences were set on the
train split, from what the head says of pictures when it has not seen them nor the rest of their series:

* under {unknown:.2f} an answer is shown as unknown. Of the others, at most 20 % should be wrong, on textures like
  these. Test split: {answered:.0%} of the pictures answered, {wrong:.0%} of these answers wrong;
* under {unsure:.2f} it is shown as unsure. From there on 85 % were right.

## How well it does

{accuracy}

The embedding was chosen on the train and validation splits, by cross-validation that leaves out whole series of
textures; ridge, temperature and both confidences on the train split alone. The test split was looked at five times: for
three earlier embeddings (0.700, 0.716 and 0.689), for an earlier head on this embedding (0.738), and once for this head
after all of it had been chosen. Read these figures with a standard error of 0.03. Expect a few points less on games
whose style differs much from the three below.

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
The weights are sums over all of these pictures, and the state has {dimensions} numbers of each; neither contains a
picture. Both are offered under {license} like the program; whoever sees weights or embeddings as a work derived from
their pictures has to keep to the licences above. The backbone is under Apache-2.0.

## Rebuild

    python -m training.starter --data ../shared/data

Ridge regression on standardised embeddings, each layer's block weighted alike, every picture counting alike:
`training/incremental.py`.
"""


def model_card(
    spec: ModelSpec,
    probabilities: NDArray[np.float32],
    labels: NDArray[np.intp],
    rows: Sequence[Mapping[str, str]],
    dimensions: int,
) -> str:
    """The text of ``README.md``.

    Args:
        spec: of the finished model.
        probabilities: of the test split, float32 (N, n).
        labels: of the test split, (N,).
        rows: of the data set's ``labels.csv``, all splits.
        dimensions: numbers in an embedding.
    """
    head = spec.heads[0]
    train = [row for row in rows if row["split"] == "train"]
    games = Counter(row["game"] for row in train)
    licences = Counter(row["licence"] for row in train)
    answered = probabilities.max(axis=1) >= head.unknown_below
    return TEMPLATE.format(
        name=spec.name,
        version=spec.version,
        description=spec.description,
        backbone=spec.backbone,
        license=spec.license,
        classes=len(head.categories),
        dimensions=dimensions,
        unsure=head.unsure_below,
        unknown=head.unknown_below,
        answered=float(answered.mean()),
        wrong=1 - accuracy(probabilities[answered], labels[answered]),
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
