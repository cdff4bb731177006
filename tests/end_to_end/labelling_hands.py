"""The hands of a person on the Label tab of a real window."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from PySide6.QtTest import QTest

from desktop.pages.dataset.label_view import LabelView
from desktop.widgets.name_match import rank
from desktop.widgets.suggestions import Suggestion, Suggestions
from tests.end_to_end.dataset_hands import Hands, Key
from training.datasets.heads import HeadDef
from training.datasets.records import NewItem
from training.datasets.values import Category

__all__ = ["Counted", "LabelHands"]


@dataclass(slots=True)
class Counted:
    """Keys that were struck, and by which way pictures were answered."""

    keys: int = 0
    by_enter: int = 0
    by_number: int = 0
    by_name: int = 0


class LabelHands(Hands):
    """Hands on the Label tab."""

    @property
    def tab(self) -> LabelView:
        found = self.page.tabs["label"]
        assert isinstance(found, LabelView)
        return found

    def open_tab(self) -> None:
        self.press("Label")
        self.wait(lambda: self.tab.course.labelling.current is not None)
        self.ready()

    def ready(self) -> None:
        """Wait until the picture and its label are shown."""
        self.wait(lambda: self.tab.editing.shown == self.tab.course.labelling.current is not None)
        QTest.qWait(5)

    def strike(self, key: Key) -> None:
        """Press a key where the keyboard is, once the picture is there."""
        self.ready()
        self.key(key)

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """The names at the right."""
        return next(one for one in self.window.findChildren(Suggestions) if one.isVisible()).rows

    def kept(self) -> None:
        """Wait until everything is saved and shown."""
        self.wait(lambda: not self.tab.keeping.saving.waiting and not self.tab.keeping.busy)
        self.rest()

    def names(self) -> dict[int, str]:
        """Item -> its category, as the workspace has it."""
        found = self.page.state.store.labels(self.page.state.selected or 0, self.page.state.head)
        return {item: value.name for item, value in found.items() if isinstance(value, Category)}

    def bring_unlabelled(self, files: list[Path], *heads: HeadDef, group: str = "") -> list[int]:
        """A dataset of files that nobody has labelled; its items."""
        store = self.page.state.store
        dataset = store.create("Unlabelled", heads).id
        new = []
        for file in files:
            data = file.read_bytes()
            try:
                with Image.open(file) as picture:
                    width, height = picture.size
            except OSError:
                width = height = 0
            content, path, mtime = hashlib.sha256(data).digest(), os.fsencode(file), file.stat().st_mtime_ns
            size = len(data)
            new.append(NewItem(content, path, width=width, height=height, size=size, mtime_ns=mtime, group=group))
        items = store.add_items(dataset, new).new
        self.page.open_dataset(dataset)
        self.rest()
        return list(items)

    def label_all(self, truth: Mapping[int, str], *, proposals: bool = True) -> Counted:
        """Label picture after picture with as few keys as a person could who knows ``truth`` by heart.

        Enter where what is proposed is right, else a number where there is one, else letters and Enter.
        """
        counted = Counted()
        names = self.tab.course.heads()[0].categories
        for _ in range(len(truth)):
            self.ready()
            QTest.qWait(20)  # a person needs longer to look
            item = self.tab.course.labelling.current or 0
            name = truth[item]
            proposal = self.tab.helping.proposal(self.page.state.head, item) if proposals else None
            if proposal is not None and proposal.draft == Category(name):
                self.strike(Key.Key_Return)
                counted.keys += 1
                counted.by_enter += 1
            elif name in names[:9]:
                self.strike(Key(Key.Key_1 + names.index(name)))
                counted.keys += 1
                counted.by_number += 1
            else:
                typed = next(at for at in range(1, len(name) + 1) if rank(name[:at], names)[0].name == name)
                for letter in name[:typed]:
                    QTest.keyClicks(self.window.focusWidget(), letter)
                self.key(Key.Key_Return)
                counted.keys += typed + 1
                counted.by_name += 1
        self.kept()
        return counted
