"""A training that is planned: choices that depend on each other, own settings that stay, what is said before."""

import pytest

from desktop.pages.train.checks import rows_of
from desktop.pages.train.estimating import Pace, about, estimate
from desktop.pages.train.planning import DatasetChoice, Planning
from models.errors import TrainingError
from training.config import begin
from training.datasets.heads import HeadDef
from training.launching.finding import Finding

WALLS = DatasetChoice(
    1, "walls", "textures", (HeadDef("material", "categories", ("a", "b")),), 100, splits={"train": 80, "val": 20}
)
CARS = DatasetChoice(2, "cars", "detection", (HeadDef("car", "boxes", ("car",)),), 50, splits={"": 50})


def planned() -> Planning:
    planning = Planning(pace=Pace(cores=2))
    planning.take([WALLS, CARS])
    return planning


def test_the_dataset_brings_its_task() -> None:
    planning = planned()
    assert (planning.dataset, planning.template) == (2, "detection")
    planning.choose_dataset(1)
    assert planning.template == "textures"
    assert planning.ready
    assert [one.fits for one in planning.templates] == sorted([one.fits for one in planning.templates], reverse=True)


def test_own_settings_outlive_another_effort_and_go_with_another_dataset() -> None:
    planning = planned()
    planning.choose_dataset(1)
    planning.set("data.side", 96)
    planning.choose_preset("thorough")
    assert planning.config is not None
    assert planning.config.data.side == 96
    assert planning.config.preset == "thorough"
    planning.choose_dataset(2)
    assert planning.own == {}
    planning.choose_dataset(1)
    with pytest.raises(TrainingError):
        planning.set("data.side", 7)
    assert planning.own == {}


def test_a_plan_like_an_earlier_one_has_its_settings() -> None:
    planning = planned()
    earlier = begin("textures", "quick", WALLS.heads)
    earlier = earlier.model_copy(update={"schedule": earlier.schedule.model_copy(update={"epochs": 7})})
    planning.take_config(earlier, 1)
    assert planning.dataset == 1
    assert planning.preset == "quick"
    assert planning.config is not None
    assert planning.config.schedule.epochs == 7
    assert planning.config.data == earlier.data


def test_more_effort_takes_longer_and_more_cores_take_less() -> None:
    quick, thorough = (begin("textures", preset, WALLS.heads) for preset in ("quick", "thorough"))
    assert estimate(quick, 1000, 100, Pace(2)) < estimate(thorough, 1000, 100, Pace(2))
    assert estimate(thorough, 1000, 100, Pace(8)) < estimate(thorough, 1000, 100, Pace(2))
    assert about(14) == "about 10\N{NO-BREAK SPACE}s"
    assert about(600) == "about 10\N{NO-BREAK SPACE}min"


def test_findings_become_rows_with_something_to_press() -> None:
    rows = rows_of(
        [
            Finding("note", "disk", "It writes 2 GB."),
            Finding("warning", "few", "Few.", "Add pictures of them, or balance: data.balancing=sampler."),
            Finding("error", "unknown", "No label.", "Label some for it, or leave it out: heads.wear.train=no."),
            Finding("error", "engine", "Not installed.", "Run sortwerk engine install torch."),
        ]
    )
    assert [row.severity for row in rows] == ["error", "warning", "note", "note"]
    assert rows[0].deed is not None
    assert (rows[0].deed.path, rows[0].deed.value) == ("heads.wear.train", "no")
    assert rows[1].deed is not None
    assert (rows[1].deed.path, rows[1].deed.value) == ("data.balancing", "sampler")
    assert rows[1].fix == "Add pictures of them, or balance."
    assert not any("=" in row.fix or "sortwerk " in row.sentence for row in rows)
