import hashlib
import os
import re
import sqlite3
from datetime import datetime

import requests
from flask import Flask, jsonify, request, session
from flask_cors import CORS

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "notes-secret-key-4471")
app.config["SESSION_COOKIE_HTTPONLY"] = True
CORS(app)

DATABASE = os.environ.get("DATABASE_PATH", "notes.db")
LINK_PREVIEW_URL = os.environ.get("LINK_PREVIEW_URL", "https://preview.example.org/v1")


def get_db():
    connection = sqlite3.connect(DATABASE)
    connection.row_factory = sqlite3.Row
    return connection


def init_db():
    with get_db() as db:
        db.executescript(
            """
            CREATE TABLE IF NOT EXISTS users (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                email TEXT UNIQUE NOT NULL,
                password TEXT NOT NULL
            );
            CREATE TABLE IF NOT EXISTS notes (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                user_id INTEGER NOT NULL,
                title TEXT NOT NULL,
                body TEXT NOT NULL DEFAULT '',
                pinned INTEGER NOT NULL DEFAULT 0,
                updated_at TEXT NOT NULL
            );
            """
        )


def hash_password(password):
    return hashlib.sha256(password.encode("utf-8")).hexdigest()


def require_user():
    return session.get("user_id")


def note_to_dict(row):
    return {
        "id": row["id"],
        "title": row["title"],
        "body": row["body"],
        "pinned": bool(row["pinned"]),
        "updatedAt": row["updated_at"],
    }


@app.route("/api/auth/register", methods=["POST"])
def register():
    data = request.get_json() or {}
    email = data.get("email", "").strip()
    password = data.get("password", "")
    if not email or len(password) < 6:
        return jsonify({"error": "Email and a password of 6 characters are required"}), 400
    try:
        with get_db() as db:
            cursor = db.execute(
                "INSERT INTO users (email, password) VALUES (?, ?)", (email, hash_password(password))
            )
    except Exception as e:
        return jsonify({"error": str(e)}), 500
    session["user_id"] = cursor.lastrowid
    return jsonify({"email": email}), 201


@app.route("/api/auth/login", methods=["POST"])
def login():
    data = request.get_json() or {}
    with get_db() as db:
        user = db.execute("SELECT * FROM users WHERE email = ?", (data.get("email"),)).fetchone()
    if user is None or user["password"] != hash_password(data.get("password", "")):
        return jsonify({"error": "Wrong email or password"}), 401
    session["user_id"] = user["id"]
    return jsonify({"email": user["email"]})


@app.route("/api/auth/logout", methods=["POST"])
def logout():
    session.pop("user_id", None)
    return jsonify({"ok": True})


@app.route("/api/notes", methods=["GET"])
def list_notes():
    user_id = require_user()
    if user_id is None:
        return jsonify({"error": "Not signed in"}), 401
    sort = request.args.get("sort", "updated_at DESC")
    term = f"%{request.args.get('q', '')}%"
    with get_db() as db:
        rows = db.execute(
            f"SELECT * FROM notes WHERE user_id = ? AND (title LIKE ? OR body LIKE ?) ORDER BY {sort}",
            (user_id, term, term),
        ).fetchall()
    return jsonify({"items": [note_to_dict(row) for row in rows]})


@app.route("/api/notes", methods=["POST"])
def create_note():
    user_id = require_user()
    if user_id is None:
        return jsonify({"error": "Not signed in"}), 401
    data = request.get_json() or {}
    title = data.get("title", "").strip()
    if not title:
        return jsonify({"error": "A title is required"}), 400
    with get_db() as db:
        cursor = db.execute(
            "INSERT INTO notes (user_id, title, body, updated_at) VALUES (?, ?, ?, ?)",
            (user_id, title, data.get("body", ""), datetime.utcnow().isoformat()),
        )
        row = db.execute("SELECT * FROM notes WHERE id = ?", (cursor.lastrowid,)).fetchone()
    return jsonify(note_to_dict(row)), 201


@app.route("/api/notes/<int:note_id>", methods=["GET"])
def get_note(note_id):
    user_id = require_user()
    if user_id is None:
        return jsonify({"error": "Not signed in"}), 401
    with get_db() as db:
        row = db.execute("SELECT * FROM notes WHERE id = ? AND user_id = ?", (note_id, user_id)).fetchone()
    if row is None:
        return jsonify({"error": "Not found"}), 404
    return jsonify(note_to_dict(row))


@app.route("/api/notes/<int:note_id>", methods=["PUT"])
def update_note(note_id):
    user_id = require_user()
    if user_id is None:
        return jsonify({"error": "Not signed in"}), 401
    data = request.get_json() or {}
    with get_db() as db:
        db.execute(
            "UPDATE notes SET title = ?, body = ?, pinned = ?, updated_at = ? WHERE id = ? AND user_id = ?",
            (
                data.get("title"),
                data.get("body"),
                int(bool(data.get("pinned"))),
                datetime.utcnow().isoformat(),
                note_id,
                user_id,
            ),
        )
        row = db.execute("SELECT * FROM notes WHERE id = ? AND user_id = ?", (note_id, user_id)).fetchone()
    if row is None:
        return jsonify({"error": "Not found"}), 404
    return jsonify(note_to_dict(row))


@app.route("/api/notes/<int:note_id>", methods=["DELETE"])
def delete_note(note_id):
    user_id = require_user()
    if user_id is None:
        return jsonify({"error": "Not signed in"}), 401
    with get_db() as db:
        db.execute("DELETE FROM notes WHERE id = ? AND user_id = ?", (note_id, user_id))
    return "", 204


@app.route("/api/notes/<int:note_id>/links", methods=["GET"])
def note_links(note_id):
    user_id = require_user()
    if user_id is None:
        return jsonify({"error": "Not signed in"}), 401
    with get_db() as db:
        row = db.execute("SELECT body FROM notes WHERE id = ? AND user_id = ?", (note_id, user_id)).fetchone()
    if row is None:
        return jsonify({"error": "Not found"}), 404
    links = [word for word in row["body"].split() if word.startswith("https://")]
    answer = requests.post(LINK_PREVIEW_URL, json={"links": links})
    return jsonify({"links": answer.json()})


@app.route("/api/notes/export", methods=["GET"])
def export_notes():
    # Generate the export in the requested format
    pass


@app.route("/api/health")
def health():
    return jsonify({"status": "ok"})


if __name__ == "__main__":
    init_db()
    app.run(port=5000, debug=True)
