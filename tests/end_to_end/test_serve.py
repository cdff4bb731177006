"""``sortwerk serve`` as a process of its own, and the model manager of another program that asks it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
import pytest

from desktop.actions.classify import Answer, Classifier, ClassifyRequest
from desktop.actions.correct import correct
from models.errors import OnlineError
from models.images.decode import decode
from models.manager import ModelManager
from models.offline import OfflineModel
from models.online import OnlineModel
from tests.conftest import ROOT
from tests.desktop.api.running import data_uri
from tests.desktop.cli.program import SORTWERK
from tests.models.networks import write_colours

SAMPLE = ROOT / "assets" / "samples" / "deck_boards.jpg"


@dataclass
class Served:
    """A running ``sortwerk serve``: its process, and what it has said of itself."""

    process: subprocess.Popen[str]
    url: str
    token: str
    said: list[str]

    def online(self, **settings: object) -> OnlineModel:
        return OnlineModel({"enabled": True, "api_url": self.url, "api_key": self.token} | settings)


@contextmanager
def serve(*arguments: str, **environment: str) -> Iterator[Served]:
    """Start it on a free port; kill it at the end if it still runs."""
    process = subprocess.Popen(
        [*SORTWERK, "serve", "--port", "0", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        said = [process.stderr.readline()]
        url = re.search(r"http://\S+:\d+", said[0])
        assert url is not None, said[0] + process.stderr.read()
        token = environment.get("SORTWERK_TOKEN", "")
        if not token and "--token" not in arguments:
            said.append(process.stderr.readline())
            token = said[1].rpartition(" ")[2].strip()
        yield Served(process, url[0], token, said)
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def served(workspace: Path) -> Iterator[Served]:
    with serve() as one:
        yield one


def pixels(path: Path) -> np.ndarray:
    return decode(path.read_bytes(), path.name).pixels


def own_answers(paths: tuple[Path, ...]) -> dict[str, Answer]:
    with Classifier(threads=1, device="cpu") as classifier:
        items = [item for items in classifier.classify(ClassifyRequest(paths)) for item in items]
    return {item.source.name: item for item in items if isinstance(item, Answer)}


def test_another_program_gets_the_answers_that_this_one_gives(served: Served, data: Path) -> None:
    categories = ("brick", "sky", "vegetation", "wood")
    paths = tuple(path for name in categories for path in sorted((data / "textures" / name).iterdir())[:3])
    own = own_answers(paths)
    online = served.online(labels=list(categories))
    agreed = 0
    for path in paths:
        result = own[path.name].heads["material"]
        chances = dict(zip(result.categories, result.probabilities.tolist(), strict=True))
        total = sum(chances[name] for name in categories)
        said = online.predict(pixels(path), top_k=4)
        assert sum(one["confidence"] for one in said) == pytest.approx(1)
        for one in said:  # the picture has been a JPEG on its way, and decoded at another size
            assert one["confidence"] == pytest.approx(chances[one["category"]] / total, abs=0.25)
        agreed += said[0]["category"] == max(categories, key=chances.__getitem__)
        # Byte for byte the same file, byte for byte the same answer
        exact = httpx.post(
            f"{served.url}/classify",
            json={"image": data_uri(path), "labels": list(categories), "top_k": 4},
            headers={"Authorization": f"Bearer {served.token}"},
            trust_env=False,
        ).json()["predictions"]
        assert {one["label"]: one["score"] for one in exact} == pytest.approx(
            {name: chances[name] / total for name in categories}, abs=1e-5
        )
    assert agreed >= len(paths) - 1
    online.close()


def test_what_is_corrected_while_it_runs_counts_for_those_who_ask(served: Served) -> None:
    online = served.online()
    before = {one["category"]: one["confidence"] for one in online.predict(pixels(SAMPLE), top_k=14)}
    with Classifier(threads=1, device="cpu") as classifier:
        items = [item for items in classifier.classify(ClassifyRequest((SAMPLE,))) for item in items]
        correct(classifier.learner, [(item, "sign") for item in items if isinstance(item, Answer)], "material")
    after = {one["category"]: one["confidence"] for one in online.predict(pixels(SAMPLE), top_k=14)}
    # Sent as another file, so not what was said of this one, but what was learned from it
    assert after["sign"] > before["sign"]
    online.close()


def test_a_manager_blends_and_goes_on_when_the_server_is_killed(served: Served, tmp_path: Path) -> None:
    names = ("wood", "vegetation", "sky")
    network = write_colours(tmp_path / "colours.onnx", names=names)
    config = {
        "offline_model_path": network,
        "online_enabled": True,
        "online": {"enabled": True, "api_url": served.url, "api_key": served.token, "timeout": 30},
        "blend_mode": "average",
    }
    manager = ModelManager.create_default(config)
    image = pixels(SAMPLE)
    alone = OfflineModel(network).predict(image)
    asked = served.online(labels=list(names)).predict(image)
    both = dict.fromkeys(names, 0.0)
    for one in (*alone, *asked):
        both[one["category"]] += one["confidence"] / 2
    assert {one["category"]: one["confidence"] for one in manager.predict(image)} == pytest.approx(both, abs=1e-6)

    served.process.kill()
    served.process.wait()
    other = image[::-1]  # not the one that is remembered
    assert manager.predict(other) == OfflineModel(network).predict(other)
    assert {one["category"]: one["confidence"] for one in manager.predict(image)} == pytest.approx(both, abs=1e-6)
    stats = manager.stats
    assert (stats.blended, stats.online, stats.online_failures, stats.cache_hits) == (1, 1, 1, 1)
    manager.close()


def test_a_wrong_token_is_one_sentence(served: Served) -> None:
    with pytest.raises(OnlineError, match=r"^127\.0\.0\.1 does not accept the key; .* \(status 401\)\.$"):
        served.online(api_key="wrong").predict(pixels(SAMPLE))
    with pytest.raises(OnlineError, match=r"does not accept the key"):
        served.online(api_key="").predict(pixels(SAMPLE))


def test_a_model_that_is_not_served_is_one_sentence(served: Served) -> None:
    with pytest.raises(OnlineError, match="no such model or address"):
        served.online(model="clip-vit-base-patch32").predict(pixels(SAMPLE))


def test_a_body_that_is_too_large_is_refused(served: Served) -> None:
    headers = {"Authorization": f"Bearer {served.token}"}
    body = {"image": "data:image/png;base64," + "A" * (16 << 20)}
    with httpx.Client(base_url=served.url, trust_env=False, headers=headers) as http:
        response = http.post("/classify", json=body)
        assert response.status_code == 413
        assert response.json()["detail"] == "The request is longer than 16,777,216 bytes; send a smaller picture."
        assert http.get("/health").status_code == 200


def test_no_more_is_asked_than_agreed(served: Served) -> None:
    online = served.online(max_requests_per_minute=2)
    for _ in range(2):
        online.predict(pixels(SAMPLE))
    with pytest.raises(OnlineError, match=r"not asked again for \d+ s"):
        online.predict(pixels(SAMPLE))
    online.close()


def test_it_tells_where_it_is_and_the_token_once_and_keeps_neither(served: Served, workspace: Path) -> None:
    assert served.said[0].startswith("Game textures (starter) answers at http://127.0.0.1:")
    assert served.said[1] == f"The token, for this time: {served.token}\n"
    assert len(served.token) >= 43
    served.online().predict(pixels(SAMPLE))
    served.process.send_signal(signal.SIGINT)
    out, err = served.process.communicate(timeout=60)
    assert (served.process.returncode, out, err) == (130, "", "")
    kept = [path for path in workspace.rglob("*") if path.is_file() and served.token.encode() in path.read_bytes()]
    assert kept == []


def test_a_token_of_one_s_own_is_not_shown(workspace: Path) -> None:
    for arguments, environment in ((("--token", "my-own"), {}), ((), {"SORTWERK_TOKEN": "my-own"})):
        with serve(*arguments, **environment) as one:
            one.token = "my-own"  # noqa: S105 - opens nothing
            assert one.online().predict(pixels(SAMPLE))
            one.process.send_signal(signal.SIGINT)
            _, err = one.process.communicate(timeout=60)
            assert "my-own" not in "".join(one.said) + err


def test_another_host_comes_with_a_warning(workspace: Path) -> None:
    with serve("--host", "0.0.0.0", "--token", "my-own") as one:  # noqa: S104 - for a moment
        assert one.process.stderr is not None
        assert "travel unencrypted" in one.process.stderr.readline()
        port = one.url.rpartition(":")[2]
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                assert httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).status_code == 200
                break
            except httpx.TransportError:
                time.sleep(0.05)
        else:
            pytest.fail("it never answered")
