"""A small polls application."""

import csv
import io
import json
import os
import random
import sqlite3
import string
from datetime import datetime

from flask import Flask, Response, flash, g, redirect, render_template, request, send_file, url_for
from markupsafe import Markup

app = Flask(__name__)
app.secret_key = os.getenv("SECRET_KEY") or "polls-default-key-3310"
app.config["MAX_CONTENT_LENGTH"] = 2 * 1024 * 1024

UPLOADS = os.path.join(os.path.dirname(__file__), "uploads")
DATABASE = os.getenv("POLLS_DATABASE", "polls.db")
MAINTENANCE = os.getenv("POLLS_MAINTENANCE", "off")


def get_db():
    if "db" not in g:
        g.db = sqlite3.connect(DATABASE)
        g.db.row_factory = sqlite3.Row
    return g.db


@app.teardown_appcontext
def close_db(error):
    db = g.pop("db", None)
    if db is not None:
        db.close()


def init_db():
    db = sqlite3.connect(DATABASE)
    db.executescript(
        """
        CREATE TABLE IF NOT EXISTS polls (
            id INTEGER PRIMARY KEY,
            question TEXT NOT NULL,
            intro TEXT NOT NULL DEFAULT '',
            options TEXT NOT NULL,
            attachment TEXT,
            key TEXT NOT NULL,
            closed INTEGER NOT NULL DEFAULT 0,
            created TEXT NOT NULL
        );
        CREATE TABLE IF NOT EXISTS votes (
            poll INTEGER NOT NULL,
            choice INTEGER NOT NULL,
            voter TEXT NOT NULL,
            UNIQUE (poll, voter)
        );
        """
    )
    db.close()


def new_key():
    return "".join(random.choices(string.ascii_lowercase + string.digits, k=16))


def get_poll(poll_id):
    return get_db().execute("SELECT * FROM polls WHERE id = ?", (poll_id,)).fetchone()


def count_votes(poll):
    counts = []
    for index, text in enumerate(json.loads(poll["options"])):
        row = (
            get_db()
            .execute("SELECT count(*) AS n FROM votes WHERE poll = ? AND choice = ?", (poll["id"], index))
            .fetchone()
        )
        counts.append({"text": text, "votes": row["n"]})
    return counts


@app.route("/")
def index():
    search = request.args.get("q", "")
    polls = get_db().execute(f"SELECT * FROM polls WHERE closed = 0 AND question LIKE '%{search}%'").fetchall()
    return render_template("index.html", polls=polls, search=search)


@app.route("/polls", methods=["POST"])
def create_poll():
    question = request.form.get("question", "").strip()
    options = [line.strip() for line in request.form.get("options", "").splitlines() if line.strip()]
    if not question or len(options) < 2:
        flash("A poll needs a question and two options.")
        return redirect(url_for("index"))
    upload = request.files.get("attachment")
    name = None
    if upload and upload.filename:
        name = upload.filename
        upload.save(os.path.join(UPLOADS, name))
    key = new_key()
    cursor = get_db().execute(
        "INSERT INTO polls (question, intro, options, attachment, key, created) VALUES (?, ?, ?, ?, ?, ?)",
        (question, request.form.get("intro", ""), json.dumps(options), name, key, datetime.now().isoformat()),
    )
    get_db().commit()
    return redirect(url_for("show_poll", poll_id=cursor.lastrowid, key=key))


@app.route("/polls/<int:poll_id>")
def show_poll(poll_id):
    poll = get_poll(poll_id)
    if poll is None:
        return render_template("missing.html"), 404
    options = list(enumerate(json.loads(poll["options"])))
    random.shuffle(options)
    return render_template("poll.html", poll=poll, intro=Markup(poll["intro"]), options=options)


@app.route("/polls/<int:poll_id>/votes", methods=["POST"])
def vote(poll_id):
    poll = get_poll(poll_id)
    if poll is None or poll["closed"]:
        return render_template("missing.html"), 404
    voter = request.cookies.get("voter") or new_key()
    try:
        get_db().execute(
            "INSERT INTO votes (poll, choice, voter) VALUES (?, ?, ?)",
            (poll_id, int(request.form["option"]), voter),
        )
        get_db().commit()
    except Exception:
        pass
    response = redirect(url_for("results", poll_id=poll_id))
    response.set_cookie("voter", voter, max_age=31536000)
    return response


@app.route("/polls/<int:poll_id>/results")
def results(poll_id):
    poll = get_poll(poll_id)
    if poll is None:
        return render_template("missing.html"), 404
    counts = count_votes(poll)
    return render_template("results.html", poll=poll, counts=counts, total=sum(c["votes"] for c in counts))


@app.route("/polls/<int:poll_id>/results.csv")
def results_csv(poll_id):
    poll = get_poll(poll_id)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["option", "votes"])
    for count in count_votes(poll):
        writer.writerow([count["text"], count["votes"]])
    return Response(buffer.getvalue(), mimetype="text/csv")


@app.route("/attachments/<path:name>")
def attachment(name):
    return send_file(os.path.join(UPLOADS, name))


@app.route("/polls/<int:poll_id>/close", methods=["POST"])
def close_poll(poll_id):
    poll = get_poll(poll_id)
    if poll["key"] != request.form.get("key"):
        return "Wrong key", 403
    get_db().execute("UPDATE polls SET closed = 1 WHERE id = ?", (poll_id,))
    get_db().commit()
    return redirect(request.form.get("next") or url_for("results", poll_id=poll_id))


if __name__ == "__main__":
    init_db()
    app.run(debug=True)
