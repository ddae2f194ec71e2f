"""The acceptance checks of the notes service, run against a temporary database."""

import importlib
import sys

import pytest

ORIGIN = {"Origin": "https://notes.example.org"}
PASSWORD = "correct horse battery staple"


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "only-for-tests-and-nowhere-else")
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://notes.example.org")
    monkeypatch.setenv("DATABASE_PATH", str(tmp_path / "notes.db"))
    sys.modules.pop("app", None)
    return importlib.import_module("app").app.test_client()


def sign_up(client, email="ada@example.org"):
    answer = client.post(
        "/api/auth/register",
        json={"email": email, "password": PASSWORD},
        headers=ORIGIN,
        base_url="https://notes.example.org",
    )
    assert answer.status_code == 201


def test_a_note_is_found_again(client):
    sign_up(client)
    made = client.post(
        "/api/notes",
        json={"title": "Milk", "body": "Two litres", "tags": ["home"]},
        headers=ORIGIN,
        base_url="https://notes.example.org",
    )
    assert made.status_code == 201
    found = client.get("/api/notes?q=milk", base_url="https://notes.example.org").get_json()
    assert [note["title"] for note in found["items"]] == ["Milk"]


def test_strangers_see_nothing(client):
    assert client.get("/api/notes").status_code == 401


def test_foreign_origins_change_nothing(client):
    answer = client.post("/api/auth/logout", headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
