"""How many keys and clicks it takes to sort all textures from a model that knows nothing:
``python -m tests.benchmarks.keystrokes``.

A person who knows what every picture is does what the window offers, through the page's own state. An answer costs one
key where the category is among the nine suggestions, its first letters and Enter where it is not, its whole name and
Enter where it is new. Pictures are selected by a click each with Ctrl held, neighbours by two with Shift. Two ways:

- one by one: the pictures of which the program is least sure, to which the window goes by itself; every 20 answers it
  is asked for them anew, two clicks;
- in runs: look-alikes stand together, two clicks; wherever so many wrong ones of one category are neighbours, all of
  them at once, the longest run first.

After that they go through the groups and select what is still wrong, those of one category together, until nothing is.
What the program changes in between counts: it may mend errors, and make some.

Names are as an emulator gives them when it dumps textures: digests, which tell nothing. The last rows are the same
person in a window that learns nothing and knows no look-alikes: from one list by such names, or by the names that the
games' authors gave, they select all of one category after the other, and type its name.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import tempfile
import threading
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from desktop.pages.sort.alike import arrange
from desktop.pages.sort.correcting import Act, Correcting, News
from desktop.pages.sort.items import UNKNOWN, Order
from desktop.pages.sort.state import SortState
from desktop.widgets.name_match import rank
from models.answer import Answer
from models.library import STARTER
from models.sources import natural_key
from models.spec import read_spec
from training.model_folder import create
from training.pictures import read_table

DATA = Path(os.environ.get("SORTWERK_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
ONE_BY_ONE = (100, 200, 300)
RUNS = (3, 5, 10)
AGAIN = 20
"""Answers after which the least sure are asked for anew."""

KEYS = 9
QUESTION = "material"


@dataclass
class Count:
    """What was pressed and clicked."""

    keys: int = 0
    clicks: int = 0
    acts: int = 0


class Person:
    """Knows the truth, and corrects ``page`` by it."""

    def __init__(self, page: SortState, truth: dict[str, str]) -> None:
        self.page, self._truth = page, truth
        self._correcting = Correcting(page)
        self.count = Count()

    def truth(self, number: int) -> str:
        return self._truth[self.page.items[number].source.name]

    def wrong(self) -> dict[tuple[str, str], list[int]]:
        """(Group, truth) -> the pictures of that truth that are shown in that group and should not be."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, item in enumerate(self.page.items):
            if item.group != self.truth(number):
                found[item.group, self.truth(number)].append(number)
        return found

    def answer_least_sure(self, answers: int) -> None:
        for start in range(0, answers, AGAIN):
            self.count.clicks += 2
            open_ = [n for n, item in enumerate(self.page.items) if not _answer(self.page, n).labels]
            open_.sort(key=lambda n: (self.page.items[n].confidence, n))
            for number in open_[: min(AGAIN, answers - start)]:
                self.say([number], self.truth(number))

    def answer_runs(self, least: int) -> None:
        """Of wrong pictures that stand together, ``least`` or more of one category, the longest run first."""
        self.arrange()
        while True:
            found = [run for numbers in self.wrong().values() for run in runs(self._places(numbers), numbers)]
            longest = max(found, key=len, default=[])
            if len(longest) < least:
                return
            self.count.clicks += 2
            self.say(longest, self.truth(longest[0]))

    def arrange(self) -> None:
        self.count.clicks += 2
        self.page.choose(order=Order.ALIKE)
        self.page.take_places(arrange(self.page))

    def sweep(self) -> None:
        """Select what is wrong and say what it is, group by group, until nothing is."""
        if self.page.order is not Order.ALIKE:
            self.arrange()
        while self.wrong():
            for group in sorted({group for group, _ in self.wrong()}):
                for label in sorted({truth for at, truth in self.wrong() if at == group}):
                    numbers = self.wrong().get((group, label), [])
                    if numbers:
                        self.count.clicks += clicks(self._places(numbers))
                        self.say(numbers, label)

    def say(self, numbers: list[int], label: str) -> None:
        self.count.keys += self._keys(numbers[-1], label)
        self.count.acts += 1
        answers = self._correcting.answers(numbers, QUESTION)
        self._correcting.mark(Act("label", QUESTION, tuple((answer, label) for answer in answers)))
        news: list[News] = []
        self._correcting.work(self._correcting.begin(), (), news.append)
        for one in news:
            self._correcting.take(one)

    def _places(self, numbers: list[int]) -> list[int]:
        """Where items of one group stand in it."""
        return [place[1] for place in map(self.page.place, numbers) if place is not None]

    def _keys(self, number: int, label: str) -> int:
        """For saying ``label`` of the picture on which the keyboard is."""
        result = _answer(self.page, number).heads[QUESTION]
        if label in {score.category for score in result.top(KEYS)}:
            return 1
        if label not in result.categories:
            return len(label) + 1
        for length in range(1, len(label) + 1):
            if rank(label[:length], result.categories)[0].name == label:
                # "u" alone is "can't tell": a slash opens the field first
                return length + 1 + label.startswith("u")
        return len(label) + 1


def clicks(places: list[int]) -> int:
    """For selecting what is at these places of a list: one each, and two for a run of neighbours."""
    return sum(min(len(run), 2) for run in runs(places, places))


def runs(places: list[int], what: list[int]) -> list[list[int]]:
    """``what`` stands at ``places`` of a list, in stretches of neighbours."""
    pairs = sorted(zip(places, what, strict=True))
    stretches = groupby(enumerate(pairs), key=lambda found: found[1][0] - found[0])
    return [[one for _, (_, one) in stretch] for _, stretch in stretches]


def without_learning(truth: dict[str, str]) -> tuple[int, int]:
    """Keys and clicks of whoever selects from one list by name all of a category, and types its name."""
    names = sorted(truth, key=natural_key)
    categories = sorted(set(truth.values()))
    chosen = [[at for at, name in enumerate(names) if truth[name] == category] for category in categories]
    return sum(len(category) + 1 for category in categories), sum(map(clicks, chosen))


def _answer(page: SortState, number: int) -> Answer:
    answer = page.items[number].answer
    assert answer is not None
    return answer


def flat_copy(target: Path) -> dict[str, str]:
    """All textures in one folder, as an emulator dumps them; file name -> category."""
    truth = {}
    for row in read_table(DATA / "textures" / "labels.csv"):
        source = DATA / "textures" / row["file"]
        name = hashlib.sha256(source.read_bytes()).hexdigest()[:16] + source.suffix
        shutil.copy(source, target / name)
        truth[name] = row["category"]
    return truth


def authors_names() -> dict[str, str]:
    """The same under the names that the games' authors gave."""
    return {Path(row["file"]).name: row["category"] for row in read_table(DATA / "textures" / "labels.csv")}


def person(folder: Path, model: Path | None, truth: dict[str, str]) -> Person:
    page = SortState(model=model)
    page.begin([folder])
    batches: list[object] = []
    page.classify([folder], cancel=threading.Event(), emit=batches.append, on_progress=lambda _: None)
    page.take(batches)  # type: ignore[arg-type]  # what classify emits
    page.end()
    return Person(page, truth)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--one-by-one", type=int, nargs="*", default=ONE_BY_ONE, help="answers before the groups")
    parser.add_argument("--runs", type=int, nargs="*", default=RUNS, help="least pictures of a run")
    options = parser.parse_args()
    ways = [("one by one", Person.answer_least_sure, number) for number in options.one_by_one]
    ways += [("in runs", Person.answer_runs, number) for number in options.runs]
    backbone = read_spec(STARTER).backbone or ""
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        os.environ["SORTWERK_HOME"] = str(home / "workspace")
        folder = home / "dump"
        folder.mkdir()
        truth = flat_copy(folder)
        print("| way | answers, or least pictures of a run | right then | keys | clicks | both | a picture |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for number, (way, begin, least) in enumerate(ways):
            model = home / "workspace" / "models" / str(number)
            create(model, f"Nothing {number}", [QUESTION], backbone)
            someone = person(folder, model, truth)
            begin(someone, least)
            right = 1 - sum(map(len, someone.wrong().values())) / len(truth)
            someone.sweep()
            assert not someone.wrong()
            assert UNKNOWN not in dict(someone.page.groups())
            tell(way, str(least), f"{right:.3f}", someone.count.keys, someone.count.clicks, len(truth))
            someone.page.close()
        for what, named in (("digests", truth), ("the authors' names", authors_names())):
            tell(f"no learning, {what}", "", "", *without_learning(named), len(named))


def tell(way: str, least: str, right: str, keys: int, clicked: int, pictures: int) -> None:
    both = keys + clicked
    print(f"| {way} | {least} | {right} | {keys} | {clicked} | {both} | {both / pictures:.2f} |", flush=True)


if __name__ == "__main__":
    main()
