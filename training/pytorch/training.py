"""From a run's folder to a trained network: all is made, a checkpoint is read where there is one, Lightning runs."""

from __future__ import annotations

import gc
from typing import Any

import lightning
import torch

from training.config import TrainingConfig
from training.pytorch.averaging import Average
from training.pytorch.callbacks.heeding import Heeding, Wishes
from training.pytorch.callbacks.keeping import Keeping
from training.pytorch.callbacks.reporting import Reporting
from training.pytorch.callbacks.resources import Measuring
from training.pytorch.callbacks.thawing import Thawing
from training.pytorch.checkpoints import read_checkpoint, set_random_state
from training.pytorch.devices import device_name, device_of, place_of, precision_of, processes, set_threads
from training.pytorch.feeding import Feed
from training.pytorch.fitting import LEAST, fitted_batch_size
from training.pytorch.freezing import Freezing
from training.pytorch.module import TrainingModule, places_of_samples
from training.pytorch.network import Network, make_network
from training.pytorch.plans import make_plan
from training.pytorch.session import Interrupted, Session
from training.runs.event_files import EventWriter
from training.runs.events import Begun, Resumed
from training.runs.folder import RunFolder

__all__ = ["train"]


def train(run: RunFolder, writer: EventWriter | None) -> tuple[Session, Network, Feed]:
    """Train ``run`` until it is finished or stopped.

    Args:
        run: its folder.
        writer: of its events; None in a process that only helps.

    Returns:
        What is left to be handed over: the session, the network and its pictures.

    Raises:
        Interrupted: it is paused.
        SortwerkError: it can't begin, or can't go on.
    """
    config = run.config()
    plan = make_plan(run.items(), config)
    session = Session(run, config, plan, writer)
    for note in plan.notes:
        session.log(note)
    device = device_of(config.compute)
    set_threads(config.compute)
    while True:
        try:
            return _train_once(session, config, device)
        except torch.OutOfMemoryError:
            smaller = session.batch_size // 2
            if config.data.batch_size or smaller < LEAST or config.compute.devices > 1:
                raise
            gc.collect()
            torch.cuda.empty_cache()
            session = Session(run, config, plan, writer, batch_size=smaller)
            session.log(f"The memory does not suffice; going on with {smaller:,} pictures a batch.", "warning")


def _train_once(session: Session, config: TrainingConfig, device: torch.device) -> tuple[Session, Network, Feed]:
    lightning.seed_everything(config.compute.seed, verbose=False)
    network = make_network(config, session.plan.heads)
    smaller, saved = session.batch_size, _saved(session)
    if saved is not None:
        session.restore(saved["session"])
        network.load_state_dict(saved["network"])
        session.say(Resumed())
        if smaller and smaller != session.batch_size:  # the epoch is done anew, in other batches
            session.progress.batch, session.progress.sums, session.progress.pictures = 0, [], 0
            session.batch_size = smaller
    accelerated = device.type != "cpu"
    _lay_out(network, config, device)
    rank, world = place_of(config.compute)
    feed = Feed(session, network.questions, accelerated, rank, world)
    _find_batch_size(session, network, feed, device)
    if session.ended or session.progress.epoch >= config.schedule.epochs:
        return session, network.to(device), feed
    with Measuring(session, (device.index or 0) if device.type == "cuda" else None):
        _fit(session, network, feed, device, saved)
    return session, network, feed


def _saved(session: Session) -> dict[str, Any] | None:
    path = session.run.latest_checkpoint
    return read_checkpoint(path) if path.exists() else None


def _lay_out(network: Network, config: TrainingConfig, device: torch.device) -> None:
    network.to(device)
    if config.compute.channels_last:
        network.to(memory_format=torch.channels_last)
    if config.compute.compile:
        torch._dynamo.config.suppress_errors = True  # noqa: SLF001 - without a compiler it runs as it is
        network.encoder.features = torch.compile(network.encoder.features)


def _find_batch_size(session: Session, network: Network, feed: Feed, device: torch.device) -> None:
    if session.batch_size:
        return
    session.batch_size = session.config.data.batch_size
    pictures = len(feed.examples("train"))
    if not session.batch_size and feed.world > 1:  # all processes must find the same
        session.batch_size = max(LEAST, min(32, pictures // (8 * feed.world)))
    if not session.batch_size:
        session.batch_size = LEAST
        first = next(iter(feed.train(0)), None)
        if first is not None:
            network.train()
            session.batch_size = fitted_batch_size(network, first.to(device), device, pictures)


def _fit(session: Session, network: Network, feed: Feed, device: torch.device, saved: dict[str, Any] | None) -> None:
    config = session.config
    wishes = Wishes(session)
    wishes.heed_signals()
    freezing = Freezing(network.encoder.network, freeze_norm=config.tuning.freeze_norm)
    network.train()
    module = TrainingModule(session, network, feed, freezing, saved["optimiser"] if saved else None)
    module.shown = places_of_samples(len(feed.examples("val")), config.logging.samples)
    if config.regularisation.ema_decay:
        module.average = Average(network, config.regularisation.ema_decay)
        if saved:
            module.average.restore(saved["average"])
    reporting = Reporting(session)
    keeping = Keeping(session, reporting)
    thawing = Thawing(session, wishes)
    precision = precision_of(config.compute, device)
    trainer: lightning.Trainer | None = None
    try:
        trainable = thawing.begin(module, device)
        session.say(_begun(session, module, trainable, device, precision, resumed=saved is not None))
        _note_environment(session, device, resumed=saved is not None)
        trainer = lightning.Trainer(
            **processes(config.compute, device),
            precision=precision,
            max_epochs=config.schedule.epochs - session.progress.epoch,
            accumulate_grad_batches=config.optimiser.accumulation,
            gradient_clip_val=config.optimiser.gradient_clipping or None,
            deterministic="warn" if config.compute.deterministic else False,
            reload_dataloaders_every_n_epochs=1,
            num_sanity_val_steps=0,
            use_distributed_sampler=False,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            inference_mode=False,  # the average of the weights is put in and out between
            callbacks=[_Restoring(saved), reporting, keeping, thawing, Heeding(session, keeping, wishes)],
        )
        trainer.fit(module)
    except Interrupted as interruption:
        if interruption.want == "pause":
            raise
        session.ended = "stopped"
    session.ended = session.ended or "epochs"
    if trainer is not None:
        keeping.keep(trainer, module)


class _Restoring(lightning.Callback):
    """The last that is read from a checkpoint: nothing draws between here and the first step."""

    def __init__(self, saved: dict[str, Any] | None) -> None:
        self._saved = saved

    def on_train_start(self, trainer: lightning.Trainer, module: Any) -> None:
        """Random generators and the scale of gradients."""
        if self._saved is not None:
            trainer.precision_plugin.load_state_dict(self._saved["precision"])
            set_random_state(self._saved["random"])


def _begun(
    session: Session, module: TrainingModule, trainable: int, device: torch.device, precision: str, *, resumed: bool
) -> Begun:
    return Begun(
        epoch=session.progress.epoch,
        step=session.progress.step,
        resumed=resumed,
        steps_per_epoch=module.steps_per_epoch,
        epochs=session.config.schedule.epochs,
        device=str(device),
        precision=precision.removesuffix("-true"),
        batch_size=session.batch_size,
        train_items=len(module.feed.examples("train")),
        val_items=len(module.feed.examples("val")),
        parameters=sum(one.numel() for one in module.network.parameters()),
        trainable=trainable,
    )


def _note_environment(session: Session, device: torch.device, *, resumed: bool) -> None:
    if not session.chief:
        return
    info = session.run.info()
    environment = info.environment.model_copy(update={"device": str(device), "device_name": device_name(device)})
    times = info.resumed + 1 if resumed else info.resumed
    session.run.set_info(info.model_copy(update={"environment": environment, "resumed": times}))
