"""Notes: accounts, notes with tags, search, import and export."""

import hashlib
import json
import logging
import os
import random
import re
import sqlite3
import subprocess
from abc import ABC, abstractmethod
from datetime import datetime, timedelta, timezone
from functools import wraps
from pathlib import Path

from flask import Flask, Response, abort, g, jsonify, request, session
from flask_cors import CORS
from werkzeug.security import check_password_hash, generate_password_hash

try:
    from dotenv import load_dotenv
except ImportError:  # a convenience on a developer's machine, not needed in production
    load_dotenv = None

if load_dotenv is not None:
    load_dotenv()

log = logging.getLogger("notes")

ALLOWED_ORIGINS = [origin.strip() for origin in os.environ["ALLOWED_ORIGINS"].split(",") if origin.strip()]
DATABASE_PATH = Path(os.environ.get("DATABASE_PATH", "notes.db"))
PASSWORD_RULE = "A password has 12 to 200 characters."
WRONG_PASSWORD = "Unknown address or wrong password."
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
LONGEST = {"title": 200, "body": 100_000}
LARGEST_ID = 2**63 - 1
ATTEMPTS, WINDOW = 10, timedelta(minutes=15)
PROMPTS = ("What went well today?", "What do you want to remember?", "Who did you talk to?")

app = Flask(__name__)
app.secret_key = os.environ["SECRET_KEY"]
app.config.update(
    MAX_CONTENT_LENGTH=1_000_000,
    SESSION_COOKIE_HTTPONLY=True,
    SESSION_COOKIE_SAMESITE="Lax",
    SESSION_COOKIE_SECURE=True,
    PERMANENT_SESSION_LIFETIME=timedelta(days=7),
)
CORS(app, origins=ALLOWED_ORIGINS, supports_credentials=True)

# Compared against when the address is unknown, so that both answers take equally long.
UNKNOWN_USER_HASH = generate_password_hash(os.urandom(16).hex())


def database() -> sqlite3.Connection:
    """The connection of this request; closed when the request ends."""
    if "database" not in g:
        g.database = sqlite3.connect(DATABASE_PATH, timeout=5)
        g.database.row_factory = sqlite3.Row
        g.database.execute("PRAGMA foreign_keys = ON")
    return g.database


@app.teardown_appcontext
def close_database(_error=None):
    connection = g.pop("database", None)
    if connection is not None:
        connection.close()


def create_tables():
    with app.app_context():
        schema = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
        database().executescript(schema)


@app.before_request
def refuse_foreign_origins():
    """Requests that change something must come from our own pages."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if request.headers.get("Origin") not in ALLOWED_ORIGINS:
        abort(403, description="This origin may not change anything.")


def signed_in(view):
    @wraps(view)
    def checked(*args, **kwargs):
        if "user" not in session:
            abort(401, description="Sign in first.")
        return view(*args, **kwargs)

    return checked


def body() -> dict:
    payload = request.get_json()
    if not isinstance(payload, dict):
        abort(400, description="Send a JSON object.")
    return payload


def text_field(payload: dict, name: str, longest: int, required: bool = True) -> str:
    value = payload.get(name, "")
    if not isinstance(value, str) or len(value) > longest or (required and not value.strip()):
        abort(400, description=f"'{name}' must be a text of at most {longest} characters.")
    return value


def now() -> str:
    return datetime.now(timezone.utc).isoformat()


def as_json(row: sqlite3.Row, tags: dict) -> dict:
    return {
        "id": row["id"],
        "title": row["title"],
        "body": row["body"],
        "pinned": bool(row["pinned"]),
        "tags": tags.get(row["id"], []),
        "updatedAt": row["updated_at"],
    }


def tags_of(ids: list) -> dict:
    """Tags by note, in one query: one placeholder for every id."""
    if not ids:
        return {}
    marks = ", ".join("?" for _ in ids)
    rows = database().execute(f"SELECT note_id, tag FROM tags WHERE note_id IN ({marks}) ORDER BY tag", ids)
    found: dict = {}
    for row in rows:
        found.setdefault(row["note_id"], []).append(row["tag"])
    return found


def own_note(note_id: int) -> sqlite3.Row:
    query = "SELECT * FROM notes WHERE id = ? AND owner = ?"
    row = database().execute(query, (min(note_id, LARGEST_ID), session["user"])).fetchone()
    if row is None:
        abort(404, description="There is no such note.")
    return row


def put_tags(note_id: int, tags) -> None:
    if not isinstance(tags, list) or not all(isinstance(tag, str) and 0 < len(tag) <= 40 for tag in tags):
        abort(400, description="'tags' must be a list of short texts.")
    database().execute("DELETE FROM tags WHERE note_id = ?", (note_id,))
    pairs = [(note_id, tag) for tag in sorted(set(tags))]
    database().executemany("INSERT INTO tags (note_id, tag) VALUES (?, ?)", pairs)


def too_many_attempts(email: str) -> bool:
    since = (datetime.now(timezone.utc) - WINDOW).isoformat()
    database().execute("DELETE FROM attempts WHERE at < ?", (since,))
    row = database().execute("SELECT count(*) AS made FROM attempts WHERE email = ?", (email,)).fetchone()
    return row["made"] >= ATTEMPTS


@app.post("/api/auth/register")
def register():
    payload = body()
    email = text_field(payload, "email", 255).lower()
    password = text_field(payload, "password", 200)
    if not EMAIL.fullmatch(email) or len(password) < 12:
        abort(400, description=PASSWORD_RULE)
    try:
        cursor = database().execute(
            "INSERT INTO users (email, password_hash) VALUES (?, ?)",
            (email, generate_password_hash(password)),
        )
        database().commit()
    except sqlite3.IntegrityError:
        abort(409, description="This address is taken.")
    session.clear()
    session["user"] = cursor.lastrowid
    return jsonify({"email": email}), 201


@app.post("/api/auth/login")
def login():
    payload = body()
    email = text_field(payload, "email", 255).lower()
    password = text_field(payload, "password", 200)
    if too_many_attempts(email):
        abort(429, description="Too many attempts. Wait a quarter of an hour.")
    user = database().execute("SELECT * FROM users WHERE email = ?", (email,)).fetchone()
    expected = user["password_hash"] if user else UNKNOWN_USER_HASH
    if not check_password_hash(expected, password) or user is None:
        database().execute("INSERT INTO attempts (email, at) VALUES (?, ?)", (email, now()))
        database().commit()
        abort(401, description=WRONG_PASSWORD)
    session.clear()
    session["user"] = user["id"]
    return jsonify({"email": email})


@app.post("/api/auth/logout")
@signed_in
def logout():
    session.clear()
    return "", 204


@app.get("/api/notes")
@signed_in
def list_notes():
    wanted = request.args.get("q", "")[:100]
    pattern = "%" + wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = database().execute(
        "SELECT * FROM notes WHERE owner = ? AND (title LIKE ? ESCAPE '\\' OR body LIKE ? ESCAPE '\\') "
        "ORDER BY pinned DESC, updated_at DESC LIMIT 200",
        (session["user"], pattern, pattern),
    ).fetchall()
    tags = tags_of([row["id"] for row in rows])
    answer = jsonify({"items": [as_json(row, tags) for row in rows], "prompt": random.choice(PROMPTS)})
    # The tag only tells a changed list from an unchanged one; nothing rests on it being hard to forge.
    material = json.dumps([(row["id"], row["updated_at"]) for row in rows]).encode()
    answer.cache_control.private = True
    answer.set_etag(hashlib.md5(material, usedforsecurity=False).hexdigest())
    return answer.make_conditional(request)


@app.post("/api/notes")
@signed_in
def create_note():
    payload = body()
    title = text_field(payload, "title", LONGEST["title"])
    content = text_field(payload, "body", LONGEST["body"], required=False)
    cursor = database().execute(
        "INSERT INTO notes (owner, title, body, pinned, updated_at) VALUES (?, ?, ?, 0, ?)",
        (session["user"], title, content, now()),
    )
    put_tags(cursor.lastrowid, payload.get("tags", []))
    database().commit()
    row = own_note(cursor.lastrowid)
    return jsonify(as_json(row, tags_of([row["id"]]))), 201


@app.get("/api/notes/<int:note_id>")
@signed_in
def read_note(note_id):
    row = own_note(note_id)
    return jsonify(as_json(row, tags_of([note_id])))


@app.put("/api/notes/<int:note_id>")
@signed_in
def update_note(note_id):
    own_note(note_id)
    payload = body()
    changes = {"updated_at": now()}
    for name, longest in LONGEST.items():
        if name in payload:
            changes[name] = text_field(payload, name, longest, required=name == "title")
    if "pinned" in payload:
        changes["pinned"] = payload["pinned"] is True
    # Column names are written above, values are bound.
    assignments = ", ".join(f"{name} = ?" for name in changes)
    database().execute(f"UPDATE notes SET {assignments} WHERE id = ?", [*changes.values(), note_id])
    if "tags" in payload:
        put_tags(note_id, payload["tags"])
    database().commit()
    return jsonify(as_json(own_note(note_id), tags_of([note_id])))


@app.delete("/api/notes/<int:note_id>")
@signed_in
def delete_note(note_id):
    own_note(note_id)
    database().execute("DELETE FROM notes WHERE id = ?", (note_id,))
    database().commit()
    return "", 204


class Exporter(ABC):
    """One format in which notes leave the house."""

    mime: str
    filename: str

    @abstractmethod
    def render(self, notes: list) -> str:
        raise NotImplementedError


class JsonExporter(Exporter):
    mime, filename = "application/json", "notes.json"

    def render(self, notes: list) -> str:
        return json.dumps(notes, ensure_ascii=False, indent=2)


class MarkdownExporter(Exporter):
    mime, filename = "text/markdown; charset=utf-8", "notes.md"

    def render(self, notes: list) -> str:
        return "\n\n".join(f"# {note['title']}\n\n{note['body']}" for note in notes)


EXPORTERS = {"json": JsonExporter(), "markdown": MarkdownExporter()}


@app.get("/api/notes/export")
@signed_in
def export_notes():
    exporter = EXPORTERS.get(request.args.get("format", "json"))
    if exporter is None:
        abort(400, description="'format' is json or markdown.")
    rows = database().execute("SELECT * FROM notes WHERE owner = ? ORDER BY id", (session["user"],)).fetchall()
    tags = tags_of([row["id"] for row in rows])
    answer = Response(exporter.render([as_json(row, tags) for row in rows]), mimetype=exporter.mime)
    answer.headers["Content-Disposition"] = f"attachment; filename={exporter.filename}"
    return answer


def revision() -> str:
    """The commit this was built from, or 'unknown' outside a checkout."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, timeout=5, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.info("revision is unknown: %s", error)
        return "unknown"
    return done.stdout.strip()


@app.get("/api/health")
def health():
    database().execute("SELECT 1")
    return jsonify({"status": "ok", "revision": REVISION})


@app.errorhandler(400)
@app.errorhandler(401)
@app.errorhandler(403)
@app.errorhandler(404)
@app.errorhandler(409)
@app.errorhandler(429)
def explain(error):
    return jsonify({"error": error.description}), error.code


REVISION = revision()
create_tables()

if __name__ == "__main__":
    app.run(host="127.0.0.1", port=5000, debug=False)
