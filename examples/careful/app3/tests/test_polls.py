"""The acceptance checks of the polls, run against a temporary folder."""

import importlib
import io
import sys

import pytest


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "test-key-that-protects-nothing")
    monkeypatch.setenv("POLLS_DATA", str(tmp_path))
    sys.modules.pop("app", None)
    polls = importlib.import_module("app").app
    polls.config["WTF_CSRF_ENABLED"] = False
    return polls.test_client()


def ask(client, **more):
    return client.post("/polls", data={"question": "Tea or coffee?", "options": "Tea\nCoffee", **more})


def test_a_vote_is_counted(client):
    assert ask(client).status_code == 302
    client.post("/polls/1/votes", data={"option": 1})
    assert "Tea,1" in client.get("/polls/1/results.csv").get_data(as_text=True)


def test_a_program_is_not_a_picture(client):
    upload = (io.BytesIO(b"#!/bin/sh"), "cat.png")
    assert ask(client, attachment=upload).status_code == 400


def test_only_the_key_closes(client):
    ask(client)
    assert client.post("/polls/1/close", data={"key": "guess"}).status_code == 403


def test_questions_are_shown_as_text(client):
    client.post("/polls", data={"question": "<b>Bold?</b>", "options": "Yes\nNo"})
    assert "&lt;b&gt;Bold?" in client.get("/").get_data(as_text=True)
