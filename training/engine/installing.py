"""Installing an engine: what it costs is said first, and at the end there is a whole one that computes, or nothing.

    installer = Installer()
    print(installer.plan(VARIANTS["torch"], "auto"))
    engine = installer.install(VARIANTS["torch"], "auto", on_progress=print)

The environment is made where it will stay, and its record is written last. Whatever ends the work before that, what was
made goes, at once or, when the program was killed, at the next installation; only what uv has fetched stays in its
cache, so that the next try goes on from there.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import EngineError
from training.engine.bases import Base, choose_base
from training.engine.builds import Build, choose_build, choose_device, requirements
from training.engine.environment import RECORD, Engine, interpreter, read_engine, write_engine
from training.engine.finding import drift, environments, find, own_record
from training.engine.network import Network, checked, reachable
from training.engine.places import alone, disk_usage, engines_folder, free_space, remove_folder
from training.engine.planning import Plan, make_plan
from training.engine.proving import look_at, prove
from training.engine.sweeping import ASIDE, settle, supersede, sweep_cache
from training.engine.uv import LOG, Uv, stop_stray
from training.engine.variants import Variant, lock_hash, pins
from training.engine.watching import Fetching, Installing, fetched

__all__ = ["Installer"]


@dataclass(frozen=True)
class Installer:
    """Makes, repairs and removes engines.

    Attributes:
        network: how to fetch.
        engines: the folder of all.
        free_space: bytes that are free at a path.
        asks: whether an address answers.
    """

    network: Network = field(default_factory=Network)
    engines: Path = field(default_factory=engines_folder)
    free_space: Callable[[Path], int] = free_space
    asks: Callable[[str, Network], bool] = reachable

    def plan(self, variant: Variant, device: str = "auto", *, cancel: threading.Event | None = None) -> Plan:
        """What installing ``variant`` for ``device`` would cost. Fetches nothing.

        Raises:
            EngineError: it can't be had for this computer or device.
            Cancelled: ``cancel`` was set.
        """
        base = self._base(variant, cancel)
        return self._plan(variant, self._build(variant, device, base), base)

    def install(
        self,
        variant: Variant,
        device: str = "auto",
        *,
        cancel: threading.Event | None = None,
        on_progress: Callable[[Installing], None] = lambda _: None,
    ) -> Engine:
        """Install ``variant`` for ``device``, or return it at once where it is there, whole and unchanged.

        Args:
            variant: what.
            device: one of ``builds.DEVICES``.
            cancel: set it to stop; nothing half-made is left.
            on_progress: called in this thread.

        Raises:
            EngineError: it can't be installed, or does not compute; one sentence with what to do.
            Cancelled: ``cancel`` was set.
        """
        with self._alone():
            base = self._base(variant, cancel)
            build = self._build(variant, device, base)
            engine = self._made(variant, build, base, cancel, on_progress)
            supersede(variant, engine, self.engines)
            return engine

    def use(
        self, path: Path, variant: Variant, device: str = "auto", *, cancel: threading.Event | None = None
    ) -> Engine:
        """Take the person's own interpreter for ``variant``, after the same proof; it is never changed.

        Raises:
            EngineError: it is no Python, lacks something, or does not compute.
            Cancelled: ``cancel`` was set.
        """
        with self._alone():
            found = look_at(path, cancel=cancel)
            missing = [name for name in variant.watched if name not in found.found]
            if missing:
                raise EngineError(
                    f"{found.python} lacks {', '.join(missing)}; install that with {found.python} -m pip install "
                    f"{' '.join(missing)}, or have Sortwerk install {variant.title}: sortwerk engine install "
                    f"{variant.name}."
                )
            proof = prove(found.python, variant, device, own=True, cancel=cancel)
            engine = Engine(
                variant.name,
                found.python,
                proof.device,
                proof.versions,
                own=True,
                folder=found.prefix,
                proved=proof.seconds,
                device_name=proof.device_name,
                site=proof.site,
            )
            write_engine(engine, own_record(variant, self.engines))
            return engine

    def repair(
        self,
        variant: Variant,
        *,
        cancel: threading.Event | None = None,
        on_progress: Callable[[Installing], None] = lambda _: None,
    ) -> Engine:
        """Make the engine of ``variant`` anew; an own one is proved again. If it fails, the old one is still there.

        Raises:
            EngineError: there is none, or it can't be made; as ``install``.
            Cancelled: ``cancel`` was set.
        """
        own = read_engine(own_record(variant, self.engines))
        if own is not None:
            return self.use(own.python, variant, own.device, cancel=cancel)
        folders = environments(variant, self.engines)
        if not folders:
            raise EngineError(
                f"{variant.title} is not installed, so there is nothing to repair; install it: sortwerk engine install "
                f"{variant.name}."
            )
        now = find(variant, self.engines)
        folder = now.folder if now is not None else folders[-1]
        with self._alone():
            base = self._base(variant, cancel)
            build = self._build(variant, folder.name.rsplit("-", 2)[1], base)
            aside = folder.with_name(ASIDE + folder.name)
            folder.rename(aside)
            try:
                engine = self._made(variant, build, base, cancel, on_progress)
            except BaseException:
                settle(self.engines)
                raise
            remove_folder(aside)
            supersede(variant, engine, self.engines)
            return engine

    def remove(self, variant: Variant) -> int:
        """Remove all environments of ``variant``, and forget an own interpreter, which itself stays as it is.

        Without any engine left, what uv has fetched goes too.

        Returns:
            Bytes that this freed.

        Raises:
            EngineError: something can't be removed.
        """
        with self._alone():
            before = disk_usage(self.engines)
            own_record(variant, self.engines).unlink(missing_ok=True)
            for folder in environments(variant, self.engines):
                remove_folder(folder)
            if not any(self.engines.glob("*/" + RECORD)):
                for name in ("cache", "python", "bin"):
                    remove_folder(self.engines / name)
            return max(0, before - disk_usage(self.engines))

    # -- inside -------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        checked(self.network)
        with alone(self.engines):
            stop_stray(self.engines)
            settle(self.engines)
            yield

    def _base(self, variant: Variant, cancel: threading.Event | None) -> Base:
        return choose_base(variant, Uv(self.engines, self.network, cancel))

    def _build(self, variant: Variant, device: str, base: Base) -> Build:
        return choose_build(variant, choose_device(device), base.minor, checked(self.network), asks=self.asks)

    def _folder(self, variant: Variant, build: Build, base: Base) -> Path:
        return self.engines / f"{variant.name}-{build.device}-{lock_hash(variant, base.minor, build.device)}"

    def _plan(self, variant: Variant, build: Build, base: Base) -> Plan:
        folder = self._folder(variant, build, base)
        there = self._whole(variant, folder) is not None
        return make_plan(variant, build, base.minor, folder, self.free_space(self.engines), there=there)

    def _whole(self, variant: Variant, folder: Path) -> Engine | None:
        engine = read_engine(folder / RECORD)
        if engine is None or not interpreter(folder).is_file() or drift(engine, variant):
            return None
        return engine

    def _made(
        self,
        variant: Variant,
        build: Build,
        base: Base,
        cancel: threading.Event | None,
        on_progress: Callable[[Installing], None],
    ) -> Engine:
        plan = self._plan(variant, build, base)
        folder = plan.where
        there = self._whole(variant, folder)
        if there is not None:
            return there
        if not plan.enough:
            raise EngineError(plan.too_little)
        (self.engines / LOG).unlink(missing_ok=True)
        remove_folder(folder)
        try:
            self._fill(variant, build, base, folder, cancel, on_progress)
            total = build.download
            on_progress(Installing("proving", total, total, 0.0, None, "Computing for the first time"))
            proof = prove(interpreter(folder), variant, build.device, cancel=cancel)
            engine = Engine(
                variant.name,
                interpreter(folder),
                proof.device,
                proof.versions,
                own=False,
                folder=folder,
                lock=lock_hash(variant, base.minor, build.device),
                proved=proof.seconds,
                size=disk_usage(folder),
                device_name=proof.device_name,
                site=proof.site,
            )
            write_engine(engine, folder / RECORD)
        except BaseException as error:
            remove_folder(folder)
            sweep_cache(self.engines)
            if isinstance(error, OSError):
                raise EngineError(f"The engine can't be written in {folder} ({error}); free some space.") from error
            raise
        return engine

    def _fill(
        self,
        variant: Variant,
        build: Build,
        base: Base,
        folder: Path,
        cancel: threading.Event | None,
        on_progress: Callable[[Installing], None],
    ) -> None:
        """Make the environment and put everything into it."""
        uv = Uv(self.engines, self.network, cancel)
        on_progress(Installing("preparing", 0, build.download, 0.0, None, "Making the environment"))
        uv.run("venv", str(folder), "--python", base.request, "--no-project")
        locked, extra = requirements(variant, build)
        wanted = folder / "requirements.txt"
        wanted.write_text(locked, encoding="utf-8")
        cache = self.engines / "cache"
        there = fetched(cache, pins(variant))
        fetching = Fetching(build.sizes, there, variant.unpacked, (cache, folder), on_progress)
        install = ("pip", "install", "--python", str(interpreter(folder)), "--no-deps", "--no-build")
        if extra:
            uv.run(*install, "--default-index", build.index, *extra, on_line=fetching.line, tick=fetching.tick)
        uv.run(
            *(*install, "--require-hashes", "--requirements", str(wanted)),
            on_line=fetching.line,
            tick=fetching.tick,
        )
