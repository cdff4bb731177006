"""Keys, clicks and drags that labels cost in the Label tab: ``python -m tests.benchmarks.labelling_keys``.

A person who knows the truth works in a real window; what the system sends to that window is counted. Modifier keys
count as part of the drag or key that they are held for.

- 100 textures of 14 categories: a number where the category has one, its first letters and Enter where it has none;
  then the same person takes what was learned by Enter where that is right, in the order of the pictures and in that of
  "What teaches most".
- 20 cabinets, test and val first: for each part its category by number and a rough box, its sides some pixels off; then
  strokes over the largest piece that is still wrong, ``--strokes`` at most. IoU of the parts against the truth.
- 20 cards of the test split: four clicks some pixels off, which snap; then F first, and clicks where that finds another
  thing. Distance of the corners from the truth, pixels of 384 x 512.

Options: ``--data FOLDER``, ``--textures N``, ``--masks N``, ``--cards N``, ``--strokes N`` (2), ``--jitter PX`` (3),
``--seed N``, ``--only NAME ...``.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.notices import Notices
from desktop.settings import Settings
from desktop.window import MainWindow
from tests.benchmarks.labelling import CLASSES
from tests.benchmarks.labelling_cabinets import cabinets, paint
from tests.benchmarks.labelling_cards import cards, mark_cards
from tests.benchmarks.labelling_person import Counter, Person
from tests.benchmarks.labelling_textures import name_textures, textures
from training.datasets.heads import HeadDef


def in_window(counter: Counter, home: Path, work: Callable[[Person], str]) -> None:
    """Do something in a new window over a new workspace, and print its row."""
    with tempfile.TemporaryDirectory(dir=home) as workspace:
        os.environ["SORTWERK_HOME"] = workspace
        window = MainWindow(Settings(theme="light"), Notices())
        window.resize(1440, 900)
        window.show()
        began = time.monotonic()
        print(work(Person(window, counter)), flush=True)
        print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
        window.close()
        window.deleteLater()
        QApplication.processEvents()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[3] / "shared" / "data")
    for name, default in (("--textures", 100), ("--masks", 20), ("--cards", 20), ("--strokes", 2), ("--seed", 0)):
        parser.add_argument(name, type=int, default=default)
    parser.add_argument("--jitter", type=float, default=3.0)
    parser.add_argument("--only", nargs="+", choices=("textures", "cabinets", "cards"))
    chosen = parser.parse_args(arguments)
    only = chosen.only or ("textures", "cabinets", "cards")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    theme.apply(application, "light")
    counter = Counter()
    application.installEventFilter(counter)
    print("| what | pictures | keys | clicks | drags | a picture | what came of it |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        if "textures" in only:
            folder, truth, categories = textures(chosen.data, home, chosen.textures, chosen.seed)
            head = HeadDef("material", "categories", categories)
            for what, learned, order in (
                ("textures, numbers and first letters", False, "shown"),
                ("textures, Enter where what was learned is right", True, "shown"),
                ("the same, what teaches most first", True, "next"),
            ):

                def name_all(person: Person, what: str = what, learned: bool = learned, order: str = order) -> str:
                    person.begin(folder, head)
                    person.wait(lambda: person.tab.helping.gathered or not learned)
                    count, taken = name_textures(person, truth, categories, learned=learned, order=order)
                    return count.row(what, len(truth), f"Enter was right {taken} times" if learned else "")

                in_window(counter, home, name_all)
        if "cabinets" in only:
            folder, masks = cabinets(chosen.data, home, chosen.masks)

            def paint_all(person: Person) -> str:
                person.begin(folder, HeadDef("area", "mask", CLASSES))
                count, words = paint(person, masks, chosen.strokes, chosen.seed)
                return count.row(f"cabinets, a rough box a part, {chosen.strokes} strokes at most", len(masks), words)

            in_window(counter, home, paint_all)
        if "cards" in only:
            folder, quads = cards(chosen.data, home, chosen.cards)
            for what, finding in (("cards, four clicks that snap", False), ("cards, F first", True)):

                def mark_all(person: Person, what: str = what, finding: bool = finding) -> str:
                    person.begin(folder, HeadDef("border", "boxes", ("outer",), {"quads": True}))
                    count, words = mark_cards(person, quads, chosen.jitter, chosen.seed, finding=finding)
                    return count.row(what, len(quads), words)

                in_window(counter, home, mark_all)


if __name__ == "__main__":
    main()
