"""Where the parts of a YOLO dataset lie: both ways of laying out folders, with or without a ``data.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from models.errors import DatasetError, one_line
from training.datasets.formats import yaml
from training.datasets.formats.documents import read_text, whole
from training.datasets.formats.finding import Finder, pictures, usable_names
from training.datasets.formats.naming import UNSPLIT, inside, split_of
from training.datasets.formats.problems import Problems

__all__ = ["YoloFiles", "is_yolo"]

YAMLS = ("data.yaml", "dataset.yaml", "data.yml", "dataset.yml")
LISTS = ("classes.txt", "obj.names", "labels/classes.txt", "predefined_classes.txt")
SPLITS = ("train", "val", "valid", "test", UNSPLIT)


def is_yolo(folder: Path) -> float:
    """How surely ``folder`` is one."""
    if not folder.is_dir():
        return 0.0
    if _yaml(folder) is not None:
        return 0.85
    roots = [(folder / split) for split in SPLITS] + [folder]
    beside = [root / "labels" for root in roots if (root / "labels").is_dir() and (root / "images").is_dir()]
    return 0.6 if any(next(labels.rglob("*.txt"), None) is not None for labels in beside) else 0.0


class YoloFiles:
    """The pictures, texts and categories of one dataset.

    Args:
        folder: of the dataset.
        problems: takes what is not understood.

    Raises:
        DatasetError: ``data.yaml`` can't be understood.
    """

    def __init__(self, folder: Path, problems: Problems) -> None:
        self._folder = folder
        self._problems = problems
        path = _yaml(folder)
        self._yaml = _read(path) if path else {}
        said = self._named(self._yaml.get("names"), path)
        good = usable_names(said.values(), path.name if path else folder.name, problems)
        self.names: dict[int, str] = {index: name.strip() for index, name in said.items() if name.strip() in good}
        """Number -> category."""

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories by their numbers."""
        return tuple(dict.fromkeys(self.names[index] for index in sorted(self.names)))

    def pairs(self) -> Iterator[tuple[str, Path, Path]]:
        """Split, picture and the place of its text, part by part."""
        for split, root in self._roots():
            if root.is_dir():
                yield from ((split, one, _text(one, self._folder)) for one in pictures(root, self._problems))
                continue
            finder = Finder(
                self._folder, root.name, self._problems, ("", root.parent.relative_to(self._folder).as_posix())
            )
            for line in read_text(root).splitlines():
                picture = finder.find(line.strip().removeprefix("./")) if line.strip() else None
                if picture is not None:
                    yield split, picture, _text(picture, self._folder)

    def _roots(self) -> list[tuple[str, Path]]:
        """Folders of pictures, or lists of them."""
        base = self._yaml.get("path", "")
        base = base if isinstance(base, str) and inside(self._folder, base) is not None else ""
        found: list[tuple[str, Path]] = []
        for key in SPLITS:
            said = self._yaml.get(key, [])
            for one in [said] if isinstance(said, str) else said:
                place = self._place(one, base)
                if place is not None:
                    found.append((split_of(key) or "", place))
                elif one:
                    self._problems.say(
                        f"The {key} of data.yaml, {one_line(one)}, is not in the folder and was left out."
                    )
        if found:
            return found
        places = [(split, f"images/{split}") for split in SPLITS] + [(split, f"{split}/images") for split in SPLITS]
        found = [
            (split_of(one) or "", self._folder / place) for one, place in places if (self._folder / place).is_dir()
        ]
        images = self._folder / "images"
        return found or [("", images if images.is_dir() else self._folder)]

    def _place(self, said: str, base: str) -> Path | None:
        """``said`` from ``base``, or without the steps up that some programs put before it."""
        plain = said.replace("\\", "/")
        while plain.startswith("../"):
            plain = plain[3:]
        for name, start in ((said, base), (said, ""), (plain, ""), (plain, base)):
            path = inside(self._folder, name, base=start)
            if path is not None and path.exists():
                return path
        return None

    def _named(self, said: str | Sequence[str] | Mapping[str, str] | None, path: Path | None) -> dict[int, str]:
        if isinstance(said, Mapping):
            try:
                return {whole(index): name for index, name in said.items()}
            except ValueError as error:
                raise DatasetError(
                    f"The names in {path.name if path else 'data.yaml'} are not numbered; number them."
                ) from error
        if said and not isinstance(said, str):
            return dict(enumerate(said))
        for name in LISTS:
            if (self._folder / name).is_file():
                lines = read_text(self._folder / name).splitlines()
                return {index: line for index, line in enumerate(lines) if line.strip()}
        return self._counted()

    def _counted(self) -> dict[int, str]:
        """The numbers that occur, where nothing names them."""
        found: set[int] = set()
        for _, _, text in self.pairs():
            if text.is_file():
                for line in read_text(text).splitlines():
                    word = line.split(maxsplit=1)[:1]
                    if word and word[0].isdecimal() and len(word[0]) < 6:
                        found.add(int(word[0]))
        if found:
            self._problems.say("Nothing names the categories; they are called by their numbers.")
        return {index: f"class {index}" for index in sorted(found)}


def _yaml(folder: Path) -> Path | None:
    paths = [folder / name for name in YAMLS] + sorted(folder.glob("*.y*ml"))
    for path in paths:
        if path.is_file():
            try:
                if "names" in yaml.read(read_text(path)):
                    return path
            except (ValueError, DatasetError):
                if path.name in YAMLS:
                    return path
    return None


def _read(path: Path) -> dict[str, str | list[str] | dict[str, str]]:
    try:
        return yaml.read(read_text(path))
    except ValueError as error:
        raise DatasetError(f"{one_line(path.name)} {error}; write it in plain YAML.") from error


def _text(picture: Path, folder: Path) -> Path:
    """Where the text of a picture lies: in ``labels`` beside the last ``images``, else beside the picture."""
    parts = list(picture.relative_to(folder).parts)
    for index in range(len(parts) - 2, -1, -1):
        if parts[index] == "images":
            parts[index] = "labels"
            return folder.joinpath(*parts).with_suffix(".txt")
    return picture.with_suffix(".txt")
