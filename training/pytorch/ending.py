"""After the last step: the best weights are judged by the test split and handed over."""

from __future__ import annotations

import torch

from models.errors import SortwerkError
from training.pytorch.checkpoints import best_state, read_checkpoint, write_checkpoint
from training.pytorch.export import export_run
from training.pytorch.feeding import Feed
from training.pytorch.judging import Judge
from training.pytorch.network import Network
from training.pytorch.session import Session
from training.runs.events import Exported, Finished, Stopped, Test

__all__ = ["finish"]


def finish(session: Session, network: Network, feed: Feed) -> None:
    """Judge and hand over the best weights, and say that it is over. Only the chief does anything.

    Raises:
        TrainingError: the best checkpoint can't be read, or the export can't be written.
    """
    if not session.chief:
        return
    if session.ended == "stopped":
        session.say(Stopped())
    best = session.run.best_checkpoint
    if not best.exists():  # stopped before the first epoch was over
        write_checkpoint(best, best_state(network, session.config, session.progress.epoch, None))
    else:
        network.load_state_dict(read_checkpoint(best)["network"])
    network.eval()
    if len(feed.examples("test")):
        session.say(Test(figures=_tested(network, feed)))
    _export(session, network, feed)
    watch = session.watch
    session.say(
        Finished(reason=session.ended or "epochs", best_epoch=watch.best_epoch, monitor=watch.best)  # type: ignore[arg-type]
    )


def _tested(network: Network, feed: Feed) -> dict[str, float | None]:
    judge = Judge(network)
    device = next(network.parameters()).device
    with torch.inference_mode():
        for batch in feed.fixed("test"):
            there = batch.to(device)
            raws = network(there.inputs, there.targets)
            judge.add(there, raws, network.losses(raws, there.targets))
    return judge.figures()


def _export(session: Session, network: Network, feed: Feed) -> None:
    heads = {head.plan.name: head for head in network.questions}
    splits = {"val": feed.pictures("val"), "test": feed.pictures("test")}
    try:
        made = export_run(network.encoder, heads, splits, run=session.run, config=session.config, on_step=session.log)
    except SortwerkError as error:
        session.log(str(error), "error")
        raise
    for sentence in made.sentences:
        session.log(sentence, "warning")
    session.say(Exported(path=str(made.path), images=made.images))
