"""Polls: ask a question, attach a picture or a document, vote once, see the result."""

import csv
import hashlib
import hmac
import io
import logging
import os
import random
import secrets
import sqlite3
from datetime import datetime, timezone
from pathlib import Path

import yaml
from flask import Flask, Response, abort, g, redirect, render_template, request, send_from_directory, url_for
from flask_wtf.csrf import CSRFProtect

log = logging.getLogger("polls")

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("POLLS_DATA", HERE / "data")).resolve()
ATTACHMENTS = DATA / "attachments"
KINDS = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".pdf": b"%PDF-"}
COOKIE = "polls_voter"
YEAR = 365 * 24 * 60 * 60
LARGEST_ID = 2**63 - 1
BAD_PASSWORD_HINT = "The link to this page holds the key. Ask whoever made the poll."

app = Flask(__name__)
app.config.update(
    SECRET_KEY=os.environ["SECRET_KEY"],
    MAX_CONTENT_LENGTH=2_000_000,
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_SAMESITE="Lax",
)
CSRFProtect(app)

SCHEMA = """
CREATE TABLE IF NOT EXISTS polls (
  id INTEGER PRIMARY KEY,
  question TEXT NOT NULL,
  attachment TEXT,
  key_digest TEXT NOT NULL,
  closed INTEGER NOT NULL DEFAULT 0,
  created TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS options (
  id INTEGER PRIMARY KEY,
  poll INTEGER NOT NULL REFERENCES polls (id),
  text TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS votes (
  poll INTEGER NOT NULL REFERENCES polls (id),
  option INTEGER NOT NULL REFERENCES options (id),
  voter TEXT NOT NULL,
  PRIMARY KEY (poll, voter)
);
"""


def database() -> sqlite3.Connection:
    """The connection of this request; closed when the request ends."""
    if "database" not in g:
        g.database = sqlite3.connect(DATA / "polls.db", timeout=5)
        g.database.row_factory = sqlite3.Row
    return g.database


@app.teardown_appcontext
def close_database(_error=None):
    connection = g.pop("database", None)
    if connection is not None:
        connection.close()


def settings() -> dict:
    """What the operator may change without touching the code."""
    with open(HERE / "settings.yaml", encoding="utf-8") as file:
        return yaml.safe_load(file)


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@app.template_global()
def versioned(name: str) -> str:
    """The address of a static file, different whenever the file is different."""
    content = (HERE / "static" / name).read_bytes()
    version = hashlib.sha1(content, usedforsecurity=False).hexdigest()[:10]
    return url_for("static", filename=name, v=version)


def poll_or_404(poll_id: int) -> sqlite3.Row:
    row = database().execute("SELECT * FROM polls WHERE id = ?", (min(poll_id, LARGEST_ID),)).fetchone()
    if row is None:
        abort(404)
    return row


def options_of(poll_id: int) -> list:
    return database().execute("SELECT * FROM options WHERE poll = ? ORDER BY id", (poll_id,)).fetchall()


def results_of(poll_id: int) -> list:
    query = (
        "SELECT text, count(votes.option) AS votes FROM options "
        "LEFT JOIN votes ON votes.option = options.id WHERE options.poll = ? GROUP BY options.id ORDER BY options.id"
    )
    return database().execute(query, (poll_id,)).fetchall()


def keep_attachment(upload) -> str | None:
    """Keeps an upload under a name of our own; refuses what is not what its name says."""
    if upload is None or upload.filename == "":
        return None
    suffix = Path(upload.filename).suffix.lower()
    content = upload.read()
    if suffix not in KINDS or not content.startswith(KINDS[suffix]):
        abort(400, description="Attach a PNG, a JPEG or a PDF.")
    name = secrets.token_hex(16) + suffix
    path = ATTACHMENTS / name
    path.write_bytes(content)
    path.chmod(0o640)
    return name


@app.get("/")
def index():
    rows = database().execute("SELECT * FROM polls WHERE closed = 0 ORDER BY id DESC LIMIT 50").fetchall()
    return render_template("index.html", polls=rows, welcome=settings()["welcome"])


@app.post("/polls")
def create_poll():
    limits = settings()
    question = request.form.get("question", "").strip()
    texts = [line.strip() for line in request.form.get("options", "").splitlines() if line.strip()]
    if not 1 <= len(question) <= limits["longest_question"] or not 2 <= len(set(texts)) <= limits["most_options"]:
        abort(400, description="A poll has a question and at least two different options.")
    attachment = keep_attachment(request.files.get("attachment"))
    key = secrets.token_urlsafe(24)
    cursor = database().execute(
        "INSERT INTO polls (question, attachment, key_digest, created) VALUES (?, ?, ?, ?)",
        (question, attachment, digest_of(key), datetime.now(timezone.utc).isoformat()),
    )
    rows = [(cursor.lastrowid, text) for text in dict.fromkeys(texts)]
    database().executemany("INSERT INTO options (poll, text) VALUES (?, ?)", rows)
    database().commit()
    return redirect(url_for("manage", poll_id=cursor.lastrowid, key=key))


@app.get("/polls/<int:poll_id>")
def show_poll(poll_id):
    poll = poll_or_404(poll_id)
    options = options_of(poll_id)
    # Nobody should profit from standing first.
    random.shuffle(options)
    return render_template("poll.html", poll=poll, options=options)


@app.post("/polls/<int:poll_id>/votes")
def vote(poll_id):
    poll = poll_or_404(poll_id)
    if poll["closed"]:
        abort(409, description="This poll is closed.")
    chosen = request.form.get("option", type=int)
    if chosen not in [option["id"] for option in options_of(poll_id)]:
        abort(400, description="Choose one of the options.")
    voter = request.cookies.get(COOKIE) or secrets.token_urlsafe(24)
    database().execute(
        "INSERT INTO votes (poll, option, voter) VALUES (?, ?, ?) "
        "ON CONFLICT (poll, voter) DO UPDATE SET option = excluded.option",
        (poll_id, chosen, digest_of(voter)),
    )
    database().commit()
    answer = redirect(url_for("results", poll_id=poll_id))
    answer.set_cookie(COOKIE, voter, max_age=YEAR, secure=True, httponly=True, samesite="Lax")
    return answer


@app.get("/polls/<int:poll_id>/results")
def results(poll_id):
    poll = poll_or_404(poll_id)
    rows = results_of(poll_id)
    total = sum(row["votes"] for row in rows)
    chart = [{"text": row["text"], "votes": row["votes"]} for row in rows]
    return render_template("results.html", poll=poll, rows=rows, total=total, chart=chart)


def spreadsheet_text(text: str) -> str:
    """Text a spreadsheet will not take for a formula."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


@app.get("/polls/<int:poll_id>/results.csv")
def results_as_csv(poll_id):
    poll_or_404(poll_id)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["option", "votes"])
    for row in results_of(poll_id):
        writer.writerow([spreadsheet_text(row["text"]), row["votes"]])
    answer = Response(buffer.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename=poll-{poll_id}.csv"
    return answer


@app.get("/attachments/<name>")
def attachment(name):
    answer = send_from_directory(ATTACHMENTS, name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def check_key(poll: sqlite3.Row) -> str:
    key = request.values.get("key", "")
    if not hmac.compare_digest(digest_of(key), poll["key_digest"]):
        log.warning("wrong key for poll %d", poll["id"])
        abort(403, description=BAD_PASSWORD_HINT)
    return key


@app.get("/polls/<int:poll_id>/manage")
def manage(poll_id):
    poll = poll_or_404(poll_id)
    return render_template("manage.html", poll=poll, key=check_key(poll))


@app.post("/polls/<int:poll_id>/close")
def close_poll(poll_id):
    poll = poll_or_404(poll_id)
    check_key(poll)
    database().execute("UPDATE polls SET closed = 1 WHERE id = ?", (poll_id,))
    database().commit()
    return redirect(url_for("results", poll_id=poll_id))


@app.errorhandler(400)
@app.errorhandler(403)
@app.errorhandler(404)
@app.errorhandler(409)
def explain(error):
    return render_template("error.html", message=error.description), error.code


ATTACHMENTS.mkdir(parents=True, exist_ok=True)
with app.app_context():
    database().executescript(SCHEMA)
