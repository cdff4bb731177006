"""A training that is being planned: what for, with which pictures, and how. No Qt.

What reads datasets or looks through a plan is for background threads; all else is for the page's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from desktop.observable import Event
from desktop.pages.train.estimating import Pace, estimate

if TYPE_CHECKING:  # NumPy and pydantic come with them
    from training.config import TrainingConfig
    from training.config.templates import Template
    from training.datasets.heads import HeadDef
    from training.datasets.versions import Version

__all__ = ["NOW", "DatasetChoice", "Planning", "TemplateChoice"]

NOW = ""
"""The version that is the dataset as it is now."""

KIND_WORDS: Mapping[str, str] = {
    "categories": "category",
    "tags": "tags",
    "grade": "grade",
    "mask": "places",
    "boxes": "boxes",
    "image": "picture",
}
"""Head kind -> what a chip calls its answers."""


@dataclass(frozen=True, slots=True)
class DatasetChoice:
    """A dataset that may be trained on.

    Attributes:
        id: of the dataset.
        name: for people.
        template: by which it was made, "" for none.
        heads: its questions.
        items: pictures in it.
        labelled: question -> pictures with an answer.
        splits: split -> pictures; "" is none.
        sources: names of its sources.
        versions: its frozen versions, the oldest first.
    """

    id: int
    name: str
    template: str
    heads: tuple[HeadDef, ...]
    items: int
    labelled: Mapping[str, int] = field(default_factory=dict)
    splits: Mapping[str, int] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()

    @property
    def counts(self) -> tuple[int, int]:
        """About how many pictures would be learned from and validated with: labelled ones, as if every split had as
        many labels.
        """
        share = min(1.0, max(self.labelled.values(), default=0) / max(1, self.items))
        train, val = (round(share * self.splits.get(split, 0)) for split in ("train", "val"))
        if not train:
            train = round(share * self.splits.get("", 0))
        if not val:
            val = round(0.15 * train)
            train -= val
        return train, val


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """A task that is offered: whether the chosen dataset asks what it is for."""

    name: str
    title: str
    sentence: str
    kinds: tuple[str, ...]
    picture: str
    fits: bool


@dataclass(slots=True, weakref_slot=True)
class Planning:
    """What the person has chosen so far.

    Attributes:
        changed: fires (with None) whenever something that is shown has changed.
        datasets: those that there are; None before they were read.
        dataset: id of the chosen one; None for none.
        version: name of its version; ``NOW`` for as it is now.
        template: name of the chosen task.
        preset: name of the chosen effort.
        config: how it would be trained; None before a dataset is chosen.
        own: paths of settings that the person has changed.
        pace: how fast this computer is.
    """

    changed: Event[None] = field(default_factory=Event)
    datasets: tuple[DatasetChoice, ...] | None = None
    dataset: int | None = None
    version: str = NOW
    template: str = ""
    preset: str = "balanced"
    config: TrainingConfig | None = None
    own: dict[str, Any] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> DatasetChoice | None:
        """The dataset."""
        return next((one for one in self.datasets or () if one.id == self.dataset), None)

    @property
    def heads(self) -> tuple[HeadDef, ...]:
        """Its questions."""
        return self.chosen.heads if self.chosen is not None else ()

    @property
    def templates(self) -> list[TemplateChoice]:
        """All tasks, those that fit the dataset first."""
        from training.config import TEMPLATES

        kinds = {head.kind for head in self.heads}
        found = [_offered(one, kinds) for one in TEMPLATES.values()]
        return sorted(found, key=lambda one: not one.fits)

    @property
    def presets(self) -> list[tuple[str, str, str, float | None]]:
        """Name, title, sentence and expected seconds (None without a dataset) of each effort."""
        from training.config import PRESETS

        return [(one.name, one.title, one.sentence, self.seconds(one.name)) for one in PRESETS.values()]

    def seconds(self, preset: str) -> float | None:
        """How long it may take with an effort, and the person's own settings where it is the chosen one."""
        chosen = self.chosen
        if chosen is None:
            return None
        config = self.config if preset == self.preset and self.config is not None else self._begin(preset)
        return estimate(config, *chosen.counts, self.pace)

    @property
    def ready(self) -> bool:
        """Whether everything is chosen."""
        return self.chosen is not None and self.config is not None and bool(self.heads)

    # -- what a person does -------------------------------------------------------------------------------------------

    def take(self, datasets: Sequence[DatasetChoice]) -> None:
        """The datasets as they are now; the chosen one stays, else it is the latest that asks anything."""
        self.datasets = tuple(datasets)
        if self.chosen is None:
            asking = [one for one in datasets if one.heads and one.items]
            self._choose_dataset((asking or [*datasets])[-1].id if datasets else None)
        elif self.config is not None and set(self.config.heads) != {head.name for head in self.heads}:
            self._anew()
        self.changed.fire(None)

    def choose_dataset(self, dataset: int) -> None:
        """Train on another dataset."""
        if dataset != self.dataset:
            self._choose_dataset(dataset)
            self.changed.fire(None)

    def choose_version(self, version: str) -> None:
        """Train on another version of it."""
        if version != self.version:
            self.version = version
            self.changed.fire(None)

    def choose_template(self, template: str) -> None:
        """Train for another task."""
        if template != self.template:
            self.template = template
            self._anew()
            self.changed.fire(None)

    def choose_preset(self, preset: str) -> None:
        """Make another effort; the person's own settings stay."""
        if preset != self.preset:
            self.preset = preset
            self._anew()
            self.changed.fire(None)

    def set(self, path: str, value: Any) -> None:
        """Change one setting.

        Raises:
            TrainingError: it can't have that value.
        """
        from training.config import with_value

        if self.config is None:
            return
        self.config = with_value(self.config, path, value)
        self.own[path] = value
        self.changed.fire(None)

    def reset(self) -> None:
        """Take all own settings back."""
        self.own.clear()
        self._anew()
        self.changed.fire(None)

    def take_config(self, config: TrainingConfig, dataset: int | None) -> None:
        """Plan a training like an earlier one: on the same dataset, where it is still there."""
        from training.config import diff

        if dataset is not None and any(one.id == dataset for one in self.datasets or ()):
            self._choose_dataset(dataset)
        self.template = config.template or self.template
        self.preset = config.preset if config.preset != "custom" else "balanced"
        self.own = {path: value for path, _, value in diff(self._begin(self.preset), config) if path != "name"}
        self._anew()
        self.changed.fire(None)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _choose_dataset(self, dataset: int | None) -> None:
        from training.config import template_for

        self.dataset, self.version = dataset, NOW
        self.own.clear()
        chosen = self.chosen
        if chosen is None:
            self.config = None
            return
        self.template = template_for(chosen.template, chosen.heads).name
        self._anew()

    def _begin(self, preset: str) -> TrainingConfig:
        from training.config import begin

        sources = self.chosen.sources if self.chosen is not None else None
        return begin(self.template, preset, self.heads, sources)

    def _anew(self) -> None:
        """The settings of task and effort, with the person's own on top where they still mean something."""
        from models.errors import TrainingError
        from training.config import with_value

        config = self._begin(self.preset)
        for path, value in [*self.own.items()]:
            try:
                config = with_value(config, path, value)
            except TrainingError:
                del self.own[path]
        self.config = config

    # -- for a background thread --------------------------------------------------------------------------------------

    def look(self) -> list[DatasetChoice]:
        """The datasets there are.

        Raises:
            WorkspaceError: the workspace can't be used.
        """
        import training.config  # noqa: F401 - so that the page need not wait for it
        from desktop.actions.datasets import opened, summarise

        found = []
        with opened() as store:
            for dataset in store.datasets():
                facts = summarise(store, dataset)
                found.append(
                    DatasetChoice(
                        dataset.id,
                        dataset.name,
                        dataset.template,
                        dataset.heads,
                        facts.items,
                        facts.labelled,
                        {str(split): count for split, count in facts.splits.items()},
                        tuple(facts.sources),
                        tuple(store.versions(dataset.id)),
                    )
                )
        return found


def _offered(template: Template, kinds: set[str]) -> TemplateChoice:
    fits = not kinds or bool(kinds & set(template.kinds))
    return TemplateChoice(template.name, template.title, template.sentence, template.kinds, template.picture, fits)
