"""A trainer that learns nothing: it speaks as a real one does, in a process of its own.

python -m tests.training.runs.fake_trainer RUN_FOLDER [--steps N] [--pause SECONDS] [--die STEP] [--fail STEP]
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from training.runs.events import Begun, Checkpoint, Epoch, Event, Failed, Finished, Paused, Resumed, Step, Stopped
from training.runs.folder import RunFolder
from training.runs.living import holding


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--per-epoch", type=int, default=2)
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--die", type=int, default=-1)
    parser.add_argument("--fail", type=int, default=-1)
    given = parser.parse_args()
    run = RunFolder(given.run)
    sys.stdout.write("the fake trainer says hello\n")
    sys.stdout.flush()
    with holding(run), run.writer() as writer:
        return train(run, given, writer.write)


def train(run: RunFolder, given: argparse.Namespace, say: object) -> int:
    assert callable(say)
    checkpoint = run.latest_checkpoint
    first = int(checkpoint.read_text()) if checkpoint.exists() else 0
    if first:
        say(Resumed())
        run.set_info(run.info().model_copy(update={"resumed": run.info().resumed + 1}))
    say(Begun(epoch=first // given.per_epoch, step=first, resumed=bool(first), steps_per_epoch=given.per_epoch))
    reason = "epochs"
    for step in range(first + 1, given.steps + 1):
        if step == given.die:
            os.kill(os.getpid(), signal.SIGKILL)
        if step == given.fail:
            say(Failed(sentence="The loss of step 3 is no number; lower the learning rate.", kind="TrainingError"))
            return 1
        epoch = (step - 1) // given.per_epoch
        events: list[Event] = [Step(epoch=epoch, step=step, loss=1 / step)]
        if step % given.per_epoch == 0:
            val = {"loss": 1 / step, "part.accuracy": step / given.steps}
            events.append(Epoch(epoch=epoch, step=step, val=val, monitor=step / given.steps, best=True))
        for event in events:
            say(event)
        time.sleep(given.pause)
        want = run.want()
        if want != "run" or step % given.per_epoch == 0:
            checkpoint.write_text(str(step))
            say(Checkpoint(kind="latest", epoch=epoch, step=step))
        if want == "pause":
            say(Paused())
            return 0
        if want == "stop":
            say(Stopped())
            reason = "stopped"
            break
    say(Finished(reason=reason, best_epoch=0, monitor=1.0))  # type: ignore[arg-type]
    return 0


if __name__ == "__main__":
    sys.exit(main())
