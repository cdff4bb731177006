"""What the Sort page shows of corrections, with a real learner; its thread and its news are run by hand."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.pages.sort.correcting import Act, Correcting, News, Receipt
from desktop.pages.sort.items import UNKNOWN as NO_CATEGORY
from desktop.pages.sort.items import Filter, Order
from desktop.pages.sort.state import SortState
from models.answer import UNKNOWN, Answer
from models.errors import EmptyFileError, WorkspaceError
from models.sources import Failure, Source
from models.spec import ModelSpec
from tests.training.tiny import content, embeddings, make_model, said, see, window
from training.learner import Learner

COUNT = 40
"""Pictures of the page; the last two are once more the first two under other names."""

NUMBERS = [*range(COUNT - 2), 0, 1]


@dataclass
class Loaded:
    """A classifier that is loaded, as far as the page's corrections are concerned."""

    learner: Learner

    @property
    def spec(self) -> ModelSpec:
        return self.learner.spec


class Window:
    """A page with answers, and what the widgets and the background thread would do."""

    def __init__(self, learner: Learner) -> None:
        self.learner = learner
        self.page = SortState()
        self.page._classifier = Loaded(learner)
        self.state = Correcting(self.page)
        self.error: WorkspaceError | None = None
        replies = learner.answer([content(n) for n in NUMBERS], embeddings(NUMBERS))
        made: list[Answer | Failure] = [
            Answer(source(index), content(number), reply)
            for index, (number, reply) in enumerate(zip(NUMBERS, replies, strict=True))
        ]
        made.append(Failure(source(COUNT), EmptyFileError("40.png", "is empty (0 bytes)", "copy it again")))
        self.page.take([made])

    def say(self, items: Sequence[int], label: str | None, head: str = "material") -> None:
        answers = self.state.answers(items, head)
        self.state.mark(Act("label", head, tuple((one, label) for one in answers)))

    def clear(self, items: Sequence[int], head: str = "material") -> None:
        self.state.mark(Act("clear", head, tuple((one, None) for one in self.state.answers(items, head))))

    def work(self) -> list[News]:
        """What the background hands over for the acts that wait; not shown yet."""
        news: list[News] = []
        try:
            self.state.work(self.state.begin(), [content(3)], news.append)
        except WorkspaceError as error:
            self.error = error
        return news

    def go(self) -> list[Receipt]:
        """Do what waits and show it."""
        return [one for one in map(self.state.take, self.work()) if isinstance(one, Receipt)]

    def label(self, item: int, head: str = "material") -> str | None:
        answer = self.page.items[item].answer
        assert answer is not None
        return answer.labels.get(head)

    def checks_out(self) -> None:
        """Counts, groups and places are what one gets who counts the items."""
        page = self.page
        counted = Counter(Filter.ALL for one in page.items if one.answer is not None or one.failure is not None)
        shown: dict[str, int] = Counter()
        for number, item in enumerate(page.items):
            filters = item.filters(page.head)
            counted.update(filters)
            place = page.place(number)
            visible = item.answer is not None and (page.filter is Filter.ALL or page.filter in filters)
            assert (place is not None) == visible
            if place is not None:
                assert place[0] == item.group
                assert page.number(*place) == number
                shown[item.group] += 1
        assert {one: count for one, count in page.counts.items() if count} == dict(counted)
        assert dict(page.groups()) == shown

    def is_true(self) -> None:
        """The page says what the learner says, once all is done."""
        replies = self.learner.answer([content(n) for n in NUMBERS], embeddings(NUMBERS))
        for item, right in zip(self.page.items, replies, strict=False):
            assert item.answer is not None
            assert item.answer.labels == right.labels
            truth = Answer(item.source, b"", right)
            assert item.group == (truth.category(self.page.head) or NO_CATEGORY)


def source(index: int) -> Source:
    return Source(Path(f"/textures/{index}.png"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    see(tmp_path / "home", range(COUNT))
    return tmp_path / "home"


@pytest.fixture
def learner(tmp_path: Path, home: Path) -> Iterator[Learner]:
    make_model(tmp_path / "model", ("material", "colour"))
    with window(tmp_path / "model", home) as opened:
        yield opened


@pytest.fixture
def one(learner: Learner) -> Window:
    return Window(learner)


class TestMarks:
    def test_what_is_said_shows_at_once(self, one: Window) -> None:
        one.say([0, 20], "glass")
        assert [one.label(n) for n in (0, 20, COUNT - 2)] == ["glass"] * 3  # both files of one content
        assert dict(one.page.groups())["glass"] == 3
        assert one.learner.head().labels == {}
        one.say([0], None)
        assert one.label(0) == UNKNOWN
        assert one.page.items[0].group == NO_CATEGORY
        one.clear([20])
        assert one.label(20) is None
        one.checks_out()
        assert len(one.state.queue) == 3
        one.go()
        assert one.learner.head().labels == {content(0): UNKNOWN}
        one.is_true()

    def test_news_of_an_act_before_does_not_undo_a_later_mark(self, one: Window) -> None:
        one.say([0, 20], "glass")
        news = one.work()
        one.say([20], "cloth")
        one.clear([0])
        for piece in news:
            one.state.take(piece)
            assert (one.label(20), one.label(0)) == ("cloth", None)
            one.checks_out()
        one.go()
        assert one.learner.head().labels == {content(20): "cloth"}
        one.is_true()

    def test_what_was_said_of_another_head_stays(self, one: Window) -> None:
        one.say([20], "red", "colour")
        one.say([20], "glass")
        one.go()
        assert one.learner.head("colour").labels == {content(20): "red"}
        one.clear([20])
        assert (one.label(20), one.label(20, "colour")) == (None, "red")
        one.go()
        one.is_true()
        one.page.ask("colour")
        assert one.page.items[20].group == "red"
        one.checks_out()

    def test_emptied_it_forgets_what_waits(self, one: Window) -> None:
        one.say([20], "glass")
        one.page.clear()
        one.state.forget()
        assert one.go() == []
        assert one.learner.head().labels == {}
        one.checks_out()

    def test_items_without_an_answer_are_passed_over(self, one: Window) -> None:
        assert one.state.answers([COUNT], "material") == ()
        assert [answer.content_hash for answer in one.state.answers([0, COUNT - 2, 1], "material")] == [
            content(0),
            content(1),
        ]
        assert one.state.answers([0], "size") == ()


class TestActs:
    def test_receipts_say_what_came_of_it(self, one: Window) -> None:
        one.say([20, 21], "glass")
        assert [receipt.sentence() for receipt in one.go()] == ["New category glass, learned from 2 pictures."]
        one.say([22], "glass")
        assert [receipt.sentence() for receipt in one.go()] == ["Learned glass from 1 picture."]
        one.clear([22])
        assert [receipt.sentence() for receipt in one.go()] == ["Took back what was said of 1 picture."]
        one.say([23], None)
        assert [receipt.sentence() for receipt in one.go()] == ["Noted: can't tell, for 1 picture."]
        one.state.queue += [Act("undo"), Act("undo"), Act("undo")]
        assert [receipt.sentence() for receipt in one.go()][2] == "Undone: glass for 1 picture."
        one.state.queue += [Act("redo")]
        assert [receipt.sentence() for receipt in one.go()] == ["Done again: glass for 1 picture."]
        one.is_true()

    def test_nothing_to_undo_is_a_receipt_of_none(self, one: Window) -> None:
        one.state.queue += [Act("undo"), Act("redo"), Act("follow")]
        assert [receipt.act.verb for receipt in one.go()] == ["undo", "redo"]

    def test_another_window_is_followed(self, one: Window, tmp_path: Path, home: Path) -> None:
        with window(tmp_path / "model", home) as other:
            other.record([said(20, "glass")])
        one.state.queue.append(Act("follow"))
        assert [receipt.sentence() for receipt in one.go()] == ["Learned what was said elsewhere of 1 picture."]
        assert one.label(20) == "glass"
        one.is_true()

    def test_undo_takes_the_mark_back(self, one: Window) -> None:
        group = one.page.items[20].group
        one.say([20], "glass")
        one.state.queue.append(Act("undo"))
        one.go()
        assert (one.label(20), one.page.items[20].group) == (None, group)
        one.is_true()
        one.checks_out()


class TestFailure:
    def test_what_could_not_be_kept_shows_the_truth_again(self, one: Window) -> None:
        one.say([20], "glass")
        one.go()
        store = one.learner._store
        assert store is not None
        store._database.query("PRAGMA query_only = ON")
        one.say([20, 21], "cloth")
        one.say([22], "metal")
        one.clear([20])
        assert one.label(20) is None
        assert one.go() == []
        assert isinstance(one.error, WorkspaceError)
        assert [one.label(n) for n in (20, 21, 22)] == ["glass", None, None]
        one.is_true()
        one.checks_out()
        store._database.query("PRAGMA query_only = OFF")
        one.say([21], "cloth")
        one.go()
        assert one.learner.head().labels == {content(20): "glass", content(21): "cloth"}
        one.is_true()

    def test_what_was_said_meanwhile_is_not_taken_back_with_it(self, one: Window) -> None:
        store = one.learner._store
        assert store is not None
        store._database.query("PRAGMA query_only = ON")
        one.say([20, 21], "cloth")
        news = one.work()
        store._database.query("PRAGMA query_only = OFF")
        one.say([21], "metal")
        for piece in news:
            one.state.take(piece)
        assert [one.label(n) for n in (20, 21)] == [None, "metal"]
        one.go()
        assert one.learner.head().labels == {content(21): "metal"}


class TestChanged:
    def test_those_that_changed_by_themselves_until_the_next_act(self, one: Window) -> None:
        before = [item.group for item in one.page.items]
        one.say(range(20, 30), "glass")
        news = one.work()
        moved = sum(came for came in map(one.state.take, news) if isinstance(came, int))
        changed = {n for n, item in enumerate(one.page.items) if item.group != before[n] and n not in range(20, 30)}
        assert changed
        assert moved == len(changed) == one.page.counts[Filter.CHANGED]
        one.page.choose(only=Filter.CHANGED)
        assert sum(count for _, count in one.page.groups()) == len(changed)
        one.checks_out()
        first = next(iter(changed))
        one.say([first], "glass")  # the person goes through them
        assert one.page.counts[Filter.CHANGED] == len(changed - set(one.page.files_of(content(NUMBERS[first]))))
        one.page.choose(only=Filter.ALL)
        one.say([30], "glass")
        assert one.page.counts[Filter.CHANGED] == 0
        one.checks_out()

    def test_what_stays_in_its_category_keeps_its_place(self, one: Window) -> None:
        def rows() -> dict[str, list[int]]:
            return {
                group: [one.page.number(group, index) for index in range(count)] for group, count in one.page.groups()
            }

        one.page.choose(order=Order.LEAST_SURE)
        before = rows()
        one.say(range(20, 24), "glass")
        one.say([0], "wood")
        one.go()
        after = rows()
        for group, numbers in before.items():
            stayed = [n for n in numbers if one.page.items[n].group == group]
            assert [n for n in after.get(group, []) if n in stayed] == stayed
        one.checks_out()
        one.page.choose()
        one.checks_out()


def acts() -> st.SearchStrategy[list[tuple[str, int]]]:
    verbs = ("say", "say", "none", "clear", "undo", "redo", "work", "work", "take", "take", "filter", "order", "head")
    return st.lists(st.tuples(st.sampled_from(verbs), st.integers(0, 10**6)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(acts())
def test_counts_are_always_those_of_a_recount(
    tmp_path_factory: pytest.TempPathFactory, done: list[tuple[str, int]]
) -> None:
    """Whatever a person does, and however late the news of it comes; at the end the page is what the learner says."""
    folder = tmp_path_factory.mktemp("page")
    make_model(folder / "model", ("material", "colour"))
    (folder / "home").mkdir()
    see(folder / "home", range(COUNT))
    with window(folder / "model", folder / "home") as learner:
        one, coming = Window(learner), list[News]()
        for verb, seed in done:
            chance = random.Random(seed)  # noqa: S311  # no secret
            items = chance.sample(range(COUNT + 1), chance.randint(1, 6))
            head = chance.choice(("material", "material", "colour"))
            match verb:
                case "say":
                    one.say(items, chance.choice(("stone", "wood", "glass", "cloth")), head)
                case "none":
                    one.say(items, None, head)
                case "clear":
                    one.clear(items, head)
                case "undo" | "redo":
                    one.state.queue.append(Act("undo" if verb == "undo" else "redo"))
                case "work" if not coming:  # the next job starts when the last one's news are shown
                    coming = one.work()
                case "take":
                    for _ in range(min(len(coming), 2)):
                        one.state.take(coming.pop(0))
                case "filter":
                    one.page.choose(only=chance.choice(list(Filter)))
                case "order":
                    one.page.choose(order=chance.choice(list(Order)))
                case "head":
                    one.page.ask(head)
            one.checks_out()
        while coming or one.state.queue:
            for news in coming:
                one.state.take(news)
            coming = one.work() if one.state.queue else []
        one.checks_out()
        one.is_true()
