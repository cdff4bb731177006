"""A model that goes on learning: it answers, keeps what a person says about its answers, and has learned it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.answer import Reply
from models.database import Database
from models.embedding import Embedder, EmbeddingCache
from models.errors import WorkspaceError
from models.library import STARTER
from models.spec import ModelSpec
from training.calibration import Calibration, calibrate
from training.correction_record import Correction
from training.correction_rows import Step
from training.correction_store import TrainingDataStore
from training.fits import Fits
from training.frozen_head import FrozenHead
from training.incremental import IncrementalHead
from training.learned_head import LearnedHead, Published
from training.model_folder import load_heads, model_id
from training.neighbours import Neighbour, nearest
from training.replies import replies
from training.tuned_head import TunedHead

__all__ = ["Change", "HeadSnapshot", "Learner"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """What a person's act has changed.

    Attributes:
        contents: whose labels are others now.
        corrections: that were made or taken back.
        waiting: of the contents, how many are labelled and could not be learned yet: no embedding of them is at hand.
        new_categories: names that came with it, "head: name" when the model has several heads.
    """

    contents: frozenset[bytes]
    corrections: tuple[Correction, ...]
    waiting: int = 0
    new_categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeadSnapshot:
    """A head as it was at some moment; nothing changes it any more.

    Attributes:
        head: a twin of what learns.
        series: example -> ``training.series.series_key``.
        calibration: how sure it sounded.
        settled: whether that was found for just these examples.
        changed: whether a person has said something since the model was made.
    """

    head: IncrementalHead
    series: Mapping[bytes, bytes]
    calibration: Calibration
    settled: bool
    changed: bool


class Learner:
    """A model and a person's corrections of it; ``models.answer.Answering``. Any thread may call anything.

    What it has learned is a function of the corrections in the workspace (``training.correction_store``) and of the
    embeddings of the corrected pictures, which are kept beside them. Both are on the disk before ``record`` returns, so
    nothing else has to be saved; weights and thresholds that take long to find again are kept in the cache.

    Args:
        folder: of the model; None for the starter model.
        spec: of the model.
        backbone: of the model.
        workspace: a person's work; None when it can't be used: answers don't need it.
        cache: what can be computed again; None to do without.

    Raises:
        ModelError: a file of the model is missing, altered or damaged.
        WorkspaceError: the workspace can't be read.
    """

    def __init__(
        self,
        folder: Path | None,
        spec: ModelSpec,
        backbone: Embedder,
        *,
        workspace: Database | None,
        cache: Database | None,
    ) -> None:
        self.spec = spec
        self.backbone = backbone
        self.id = model_id(folder, spec)
        self._store = TrainingDataStore(workspace) if workspace is not None else None
        self._memory = EmbeddingCache(workspace) if workspace is not None else None
        self._cache = EmbeddingCache(cache) if cache is not None else None
        self._fits = Fits(cache) if cache is not None else None
        self._lock = threading.RLock()
        self._version = -1
        self._calibrated: dict[str, bytes] = {}  # head -> fingerprint of what its thresholds were found for
        self._heads = load_heads(folder or STARTER, spec, backbone)
        for head in self._learning():
            self._calibrated[head.name] = head.fingerprint()
        self._restore()
        self._published = self._publish()

    # -- answering ----------------------------------------------------------------------------------------------------

    def answer(self, contents: Sequence[bytes], embeddings: NDArray[np.float16]) -> list[Reply]:
        """Replies to N pictures: the SHA-256 of their files, and their embeddings (N, D)."""
        published = self._published
        return replies(self.spec, published, contents, [head.logits(embeddings) for head in published])

    @property
    def published(self) -> tuple[Published, ...]:
        """What the heads say now, in the model's order."""
        return self._published

    def head(self, name: str | None = None) -> Published:
        """What the head ``name``, or the first, says now.

        Raises:
            KeyError: the model has no such head.
        """
        if name is None:
            return self._published[0]
        return {head.name: head for head in self._published}[name]

    def embeddings(self, contents: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        """Embeddings of as many of ``contents`` as are at hand, float16 (D,) each."""
        known: dict[bytes, NDArray[np.float16]] = {}
        for place in (self._cache, self._memory):
            missing = [content for content in contents if content not in known]
            if place is not None and missing:
                try:
                    found = place.get(self.backbone.id, missing)
                except WorkspaceError as error:
                    _log.warning("Going on without some embeddings: %s", error)
                    continue
                known |= {content: one for content, one in found.items() if self._fits_backbone(one)}
        return known

    def nearest(self, content: bytes, head: str, k: int = 5) -> list[Neighbour]:
        """The labelled examples most like a picture, most alike first; none when its embedding is not at hand."""
        embedding = self.embeddings([content]).get(content)
        learned = self._learned(head)
        if embedding is None or learned is None:
            return []
        # Without the lock, for which one might wait while something is learned: copying a dictionary is one step
        examples = learned.head.snapshot().examples
        if isinstance(learned, TunedHead):
            embedding = learned.embeddings(embedding[None])[0]
        return nearest(examples, learned.head.features, embedding, k, without=content)

    def places(self, contents: Collection[bytes], head: str) -> dict[bytes, str]:
        """Where the pictures lay about which a person has said something, by content; others are missing."""
        if self._store is None:
            return {}
        labels = self._store.labels(head, model=self.id, only=contents)
        return {content: label.path for content, label in labels.items()}

    # -- learning -----------------------------------------------------------------------------------------------------

    def record(
        self, corrections: Sequence[Correction], embeddings: Mapping[bytes, NDArray[np.float16]] | None = None
    ) -> Change:
        """Keep what a person says, as one step that can be undone, and learn it.

        Args:
            corrections: of this model: ``model`` is its id, ``head`` one of its heads.
            embeddings: of their pictures, as many as are known; the others are looked for in the cache.

        Raises:
            WorkspaceError: it could not be kept; nothing was learned.
            ValueError: a correction has a field that can't be, or is not of this model; or an embedding is none.
        """
        store, memory = self._kept()
        names = {head.name for head in self._heads}
        if any(one.model != self.id or one.head not in names for one in corrections):
            raise ValueError("a correction is not of this model")
        if not all(self._fits_backbone(one) for one in (embeddings or {}).values()):
            raise ValueError(f"an embedding is {self.backbone.dimensions} finite numbers")
        contents = _contents(corrections)
        known = {**self.embeddings(list(contents)), **(embeddings or {})}
        with self._lock:
            # First, and apart: an embedding that nothing needs does no harm; a correction that can't be learned would.
            memory.put(self.backbone.id, known)
            changes = 1 if store.add(corrections) else 0
            return self._follow(contents, tuple(corrections), known, changes=changes)

    def take_back(self, head: str, contents: Collection[bytes]) -> Change:
        """Forget what was said about ``contents``, as one step that can be undone."""
        store, _ = self._kept()
        with self._lock:
            gone = store.corrections(head=head, model=self.id, only=contents)
            changes = 1 if store.delete(correction.id for correction in gone) else 0
            return self._follow(_contents(gone), tuple(gone), changes=changes)

    def undo(self, steps: int = 1) -> Change | None:
        """Take back the last ``steps`` acts, of this window or any other; None when there is none."""
        store, _ = self._kept()
        with self._lock:
            return self._turned(store.undo(steps, model=self.id))

    def redo(self, steps: int = 1) -> Change | None:
        """Do again what was undone last; None when there is nothing."""
        store, _ = self._kept()
        with self._lock:
            return self._turned(store.redo(steps, model=self.id))

    def can_undo(self) -> tuple[bool, bool]:
        """Whether there is something to undo, and something to redo."""
        if self._store is None:
            return False, False
        return (
            self._store.next_undo(model=self.id) is not None,
            self._store.next_redo(model=self.id) is not None,
        )

    def refresh(self) -> Change | None:
        """Learn what another window or program has recorded, and what was waiting for its picture; None if nothing."""
        if self._store is None:
            return None
        with self._lock:
            waiting = frozenset[bytes]().union(*(head.waiting for head in self._heads))
            if self._store.version() == self._version:
                found = self.embeddings(list(waiting))
                if not found:
                    return None
                if self._memory is not None:
                    self._memory.put(self.backbone.id, found)
                return self._follow(frozenset(found), (), found, changes=0)
            before = [dict(head.labels) for head in self._heads]
            self._follow_all()
            changed = {
                content
                for head, labels in zip(self._heads, before, strict=True)
                for content in head.labels.keys() | labels.keys()
                if head.labels.get(content) != labels.get(content)
            }
            return Change(frozenset(changed), ()) if changed else None

    def settle(self, wrong: float | None) -> bool:
        """Do in a quiet moment what would make a correction slow: find anew how sure to sound, if the examples or the
        wish have changed, and get ready for the next correction. Takes seconds, and holds up nobody meanwhile.

        Args:
            wrong: the share of answers that may be wrong, 0 to 1; None to answer everything.

        Returns:
            Whether anything sounds otherwise now.
        """
        changed = False
        for head in self._learning():
            with self._lock:
                fingerprint, twin = head.fingerprint(), head.head.twin()
                series = head.series
                done = self._calibrated.get(head.name) == fingerprint and head.calibration.wrong == wrong
            twin.prepare()
            calibration = head.calibration if done else calibrate(twin, series, wrong=wrong)
            with self._lock:
                head.head.adopt(twin)
                self._calibrated[head.name] = fingerprint
                if head.calibration != calibration:
                    head.calibration = calibration
                    self._published = self._publish()
                    changed = True
        self._keep_fits()
        return changed

    def snapshots(self) -> tuple[HeadSnapshot | None, ...]:
        """The heads in the model's order as they are at this moment, to be used at leisure; None for one that can't
        learn.
        """
        with self._lock:
            return tuple(
                HeadSnapshot(
                    head.head.twin(),
                    head.series,
                    head.calibration,
                    settled=self._calibrated.get(head.name) == head.fingerprint(),
                    changed=bool(head.labels),
                )
                if isinstance(head, LearnedHead)
                else None
                for head in self._heads
            )

    def corrections(self) -> list[Correction]:
        """What a person has said of this model's answers, each picture's last word.

        Raises:
            WorkspaceError: the workspace can't be read.
        """
        return [] if self._store is None else self._store.corrections(model=self.id)

    def close(self) -> None:
        """Keep in the cache what would take long to find again."""
        self._keep_fits()

    @property
    def lock(self) -> threading.RLock:
        """Held while the heads change; for those who follow their weights (``training.gallery``)."""
        return self._lock

    def learning_heads(self) -> tuple[LearnedHead | None, ...]:
        """The heads in the model's order, None for one that can't learn. To be used with ``lock`` held."""
        return tuple(head if isinstance(head, LearnedHead) else None for head in self._heads)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _kept(self) -> tuple[TrainingDataStore, EmbeddingCache]:
        if self._store is None or self._memory is None:
            raise WorkspaceError(
                "Corrections can't be kept because the workspace can't be used; choose another one in Settings."
            )
        return self._store, self._memory

    def _learning(self) -> list[LearnedHead]:
        return [head for head in self._heads if isinstance(head, LearnedHead)]

    def _by_name(self, name: str) -> LearnedHead | TunedHead | FrozenHead:
        return next(head for head in self._heads if head.name == name)

    def _learned(self, name: str) -> LearnedHead | TunedHead | None:
        head = self._by_name(name)
        return None if isinstance(head, FrozenHead) else head

    def _turned(self, steps: Sequence[Step]) -> Change | None:
        if not steps:
            return None
        corrections = tuple(correction for step in steps for correction in step.corrections)
        return self._follow(_contents(corrections), corrections, changes=1)

    def _follow(
        self,
        contents: frozenset[bytes],
        corrections: tuple[Correction, ...],
        embeddings: Mapping[bytes, NDArray[np.float16]] | None = None,
        *,
        changes: int,
    ) -> Change:
        """Learn the present labels of ``contents``, after ``changes`` of our own to the store; of all pictures, if
        somebody else has changed others meanwhile.
        """
        store, _ = self._kept()
        before = [set(head.categories) for head in self._published]
        version = store.version()  # asked once: what comes between two questions would be taken for ours
        if version != self._version + changes:
            self._follow_all()
        else:
            known = self.embeddings(list(contents)) if embeddings is None else embeddings
            for head in self._heads:
                labels = store.labels(head.name, model=self.id, only=contents)
                # In the order in which they were said, so that new categories come in that order too
                head.follow({**labels, **dict.fromkeys(contents - labels.keys())}, known)
            self._version = version
            self._published = self._publish()
        new = tuple(
            name if len(self._heads) == 1 else f"{head.name}: {name}"
            for head, names in zip(self._published, before, strict=True)
            for name in head.categories
            if name not in names
        )
        waiting = sum(any(content in head.waiting for head in self._heads) for content in contents)
        return Change(contents, corrections, waiting, new)

    def _follow_all(self) -> None:
        store, _ = self._kept()
        version = store.version()  # before the labels: what comes between is learned twice, and not missed
        for head in self._heads:
            labels = store.labels(head.name, model=self.id)
            others = {
                content: label
                for content, label in labels.items()
                if head.labels.get(content) != label.category or content in head.waiting
            }
            head.follow({**others, **dict.fromkeys(head.labels.keys() - labels.keys())}, self.embeddings(list(others)))
        self._version = version
        self._published = self._publish()

    def _restore(self) -> None:
        """Learn what was said before this start."""
        if self._store is None:
            return
        self._version = self._store.version()
        for head in self._heads:
            labels = self._store.labels(head.name, model=self.id)
            embeddings = self.embeddings(list(labels))
            if not isinstance(head, LearnedHead):
                head.follow(labels, embeddings)
                continue
            head.follow(labels, embeddings)
            fit = self._fits.get(self.id, head.name, head.fingerprint()) if self._fits is not None else None
            if fit is not None:
                head.take_fit(fit)
                if fit.calibrated:
                    self._calibrated[head.name] = head.fingerprint()

    def _keep_fits(self) -> None:
        if self._fits is None:
            return
        with self._lock:
            for head in self._learning():
                fingerprint = head.fingerprint()
                calibrated = self._calibrated.get(head.name) == fingerprint
                if not head.as_shipped:
                    self._fits.put(self.id, head.name, fingerprint, head.fit(calibrated=calibrated))

    def _fits_backbone(self, embedding: NDArray[np.float16]) -> bool:
        return embedding.shape == (self.backbone.dimensions,) and bool(np.isfinite(embedding).all())

    def _publish(self) -> tuple[Published, ...]:
        return tuple(head.published() for head in self._heads)

    def calibration(self, head: str) -> Calibration:
        """How sure ``head`` sounds, and what that promises."""
        return self.head(head).calibration


def _contents(corrections: Iterable[Correction]) -> frozenset[bytes]:
    return frozenset(bytes.fromhex(one.texture_hash) for one in corrections if one.texture_hash is not None)
