from __future__ import annotations

import hashlib
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from desktop.actions.classify import Answer, ClassifyRequest
from desktop.actions.correct import correct
from desktop.actions.models import new_model
from desktop.api.app import create_app
from tests.conftest import ROOT
from tests.desktop.api.running import Running, data_uri, running

SAMPLE = ROOT / "assets" / "samples" / "deck_boards.jpg"


def answer(server: Running, path: Path = SAMPLE) -> Answer:
    items = [item for items in server.classifier.classify(ClassifyRequest((path,))) for item in items]
    assert isinstance(items[0], Answer)
    return items[0]


def test_the_answer_has_the_document_s_form_and_is_the_program_s_own(server: Running) -> None:
    response = server.classify(model="", image=data_uri(SAMPLE), top_k=3)
    assert response.status_code == 200
    best = answer(server).heads["material"].top(3)
    assert list(response.json()) == ["predictions"]
    assert [(one["label"], one["score"]) for one in response.json()["predictions"]] == [
        (score.category, pytest.approx(score.confidence, abs=1e-6)) for score in best
    ]


def test_labels_restrict_the_answer_and_it_sums_to_1_again(server: Running) -> None:
    labels = ["metal", "wood", "lava", "wood"]
    said = server.classify(image=data_uri(SAMPLE), labels=labels).json()["predictions"]
    of_all = dict(
        zip(*(getattr(answer(server).heads["material"], n) for n in ("categories", "probabilities")), strict=True)
    )
    assert {one["label"]: one["score"] for one in said} == pytest.approx(
        {name: of_all[name] / (of_all["metal"] + of_all["wood"]) for name in ("metal", "wood")}, rel=1e-5
    )
    assert server.classify(image=data_uri(SAMPLE), labels=[]).json() == server.classify(image=data_uri(SAMPLE)).json()


def test_what_a_person_has_corrected_counts_at_once_even_if_another_window_has_recorded_it(workspace: Path) -> None:
    asked: dict[str, Any] = {"image": data_uri(SAMPLE), "top_k": 2}
    with running() as server:
        assert server.classify(**asked).json()["predictions"][0]["label"] != "sign"
        with running() as other:
            correct(other.classifier.learner, [(answer(other), "sign")], "material")
        assert server.classify(**asked).json()["predictions"][0] == {"label": "sign", "score": 1.0}
        # Among labels without it, the model's own word counts
        among = server.classify(**asked, labels=["wood", "metal"]).json()["predictions"]
        assert sum(one["score"] for one in among) == pytest.approx(1)
        assert among[0]["score"] > among[1]["score"]


def test_the_models_and_what_they_tell_apart(server: Running) -> None:
    (model,) = server.http.get("/models").json()["models"]
    assert model["name"] == server.classifier.spec.name
    assert [head["name"] for head in model["heads"]] == ["material"]
    assert len(model["heads"][0]["categories"]) == 14
    assert server.classify(model=model["name"], head="material", image=data_uri(SAMPLE)).status_code == 200


def png(width: int = 8, height: int = 8) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (width, height), (9, 9, 9)).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"image": "https://elsewhere.example/cat.jpg"}, 422, "has to be a data URI"),
        ({"image": "file:///etc/passwd"}, 422, "has to be a data URI"),
        ({"image": "data:text/plain;base64,aGFsbG8="}, 422, "has to be a data URI"),
        ({"image": "data:image/png,raw"}, 422, "has to be a data URI"),
        ({"image": "data:image/png;base64,a b"}, 422, "base64 of the picture is damaged"),
        ({"image": "data:image/png;base64,ä"}, 422, "base64 of the picture is damaged"),
        ({"image": data_uri(b"")}, 422, "The picture is empty"),
        ({"image": data_uri(b"no picture at all")}, 415, "The picture "),
        ({"image": data_uri(SAMPLE.read_bytes()[:5000])}, 422, "cut off or broken"),
        ({"image": data_uri(b"BM" + bytes(60))}, 415, "The picture"),
        ({"image": data_uri(png()), "labels": ["lava"]}, 422, "knows none of the labels"),
        ({"image": data_uri(png()), "labels": [""]}, 422, "labels.0: "),
        ({"image": data_uri(png()), "model": "another"}, 404, "no model another here"),
        ({"image": data_uri(png()), "head": "colour"}, 404, "no question colour; it has material"),
        ({"image": data_uri(png()), "top_k": 0}, 422, "top_k: "),
        ({"image": 7}, 422, "image: "),
        ({}, 422, "image: "),
    ],
)
def test_whatever_is_wrong_is_one_sentence(server: Running, fields: dict[str, Any], status: int, said: str) -> None:
    response = server.classify(**fields)
    assert response.status_code == status
    assert list(response.json()) == ["detail"]
    assert said in response.json()["detail"]
    assert response.json()["detail"].endswith(".")


def test_a_bomb_is_refused_before_it_is_unpacked(server: Running) -> None:
    header = png()
    bomb = header[:16] + (60_000).to_bytes(4) * 2 + header[24:]
    response = server.classify(image=data_uri(bomb, "png"))
    assert response.status_code in (413, 422)
    assert response.json()["detail"].startswith("The picture ")


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "/nothing", b"", 404),
        ("GET", "/classify", b"", 405),
        ("POST", "/classify", b"{", 422),
        ("POST", "/classify", b"\xff\xfe", 422),
        ("POST", "/classify", b'"\xff"', 400),
        ("POST", "/classify", b"[" * 50_000, 400),
        ("POST", "/classify", b"[]", 422),
    ],
)
def test_wrong_requests_are_one_sentence_too(
    server: Running, method: str, path: str, content: bytes, status: int
) -> None:
    response = server.http.request(method, path, content=content, headers={"Content-Type": "application/json"})
    assert (response.status_code, list(response.json())) == (status, ["detail"])
    assert response.json()["detail"].count(".") == 1


def test_a_model_that_has_learned_nothing_says_so(workspace: Path) -> None:
    with running(new_model("Bricks", ["part"])) as server:
        response = server.classify(image=data_uri(SAMPLE))
        assert (response.status_code, "learned nothing yet" in response.json()["detail"]) == (409, True)
        assert server.http.get("/models").json()["models"][0]["heads"] == [{"name": "part", "categories": []}]


def test_many_ask_at_once_and_all_get_their_own_answer(server: Running) -> None:
    samples = sorted((ROOT / "assets" / "samples").glob("*.jpg"))
    alone = {path: server.classify(image=data_uri(path)).json() for path in samples}
    with ThreadPoolExecutor(8) as pool:
        for path, response in pool.map(lambda p: (p, server.classify(image=data_uri(p))), samples * 4):
            assert response.json() == alone[path]
    assert len({json.dumps(one) for one in alone.values()}) > 1


def test_the_documentation_comes_from_here_alone(server: Running) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as nobody:
        for path in ("/docs", "/redoc"):
            page = nobody.get(path)
            assert page.status_code == 200
            loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
            assert loaded
            assert [one for one in loaded if not one.startswith("/static-offline-docs/")] == []
            assert all(nobody.get(one).status_code == 200 for one in loaded)
        paths = nobody.get("/openapi.json").json()["paths"]
    assert set(paths) == {"/classify", "/models", "/health"}
    assert "security" in paths["/classify"]["post"]
    assert "security" not in paths["/health"]["get"]


def test_without_a_token_there_is_no_application(server: Running) -> None:
    with pytest.raises(ValueError, match="a token is needed"):
        create_app(server.classifier, "")


def test_what_was_sent_is_known_by_the_hash_of_its_bytes(server: Running) -> None:
    assert answer(server).content_hash == hashlib.sha256(SAMPLE.read_bytes()).digest()
