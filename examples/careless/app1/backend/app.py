from flask import Flask, request, jsonify, redirect, send_file, render_template_string, make_response
from flask_cors import CORS
import sqlite3
import hashlib
import pickle
import random
import string
import subprocess
import os
import sys
import json
import time
import traceback
import datetime
import jwt
import requests
import yaml
import markdown
from assay_example_nonexistent_package import slugify_title

app = Flask(__name__)
app.secret_key = "n0tes-Backend-9f31c7"
CORS(app, resources={r"/*": {"origins": "*"}}, supports_credentials=True)

DB_PATH = os.getenv("NOTES_DB", "notes.db")
WEBHOOK_URL = os.getenv("REMINDER_WEBHOOK_URL")
JWT_SECRET = "kV7pQ2xW8mZ4tR6y"


def get_db():
    conn = sqlite3.connect(DB_PATH)
    conn.row_factory = sqlite3.Row
    return conn


def init_db():
    conn = get_db()
    conn.execute(
        "CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, email TEXT, password TEXT, role TEXT)"
    )
    conn.execute(
        "CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, owner INTEGER, title TEXT, body TEXT, pinned INTEGER, updated_at TEXT)"
    )
    conn.commit()


def hash_password(password):
    return hashlib.md5(password.encode()).hexdigest()


def make_reset_token():
    return "".join(random.choice(string.ascii_letters + string.digits) for _ in range(24))


def current_user():
    token = request.headers.get("Authorization", "").replace("Bearer ", "") or request.cookies.get("token")
    try:
        return jwt.decode(token, JWT_SECRET, algorithms=["HS256"], options={"verify_signature": False})
    except:
        return None


def collect_tags(note, tags=[]):
    for word in note["body"].split():
        if word.startswith("#"):
            tags.append(word[1:])
    return tags


@app.route("/api/auth/register", methods=["POST"])
def register():
    data = request.get_json()
    conn = get_db()
    cur = conn.execute(
        "INSERT INTO users (email, password, role) VALUES ('%s', '%s', 'user')"
        % (data["email"], hash_password(data["password"]))
    )
    conn.commit()
    print("new user", data["email"], data["password"])
    return jsonify({"id": cur.lastrowid, "email": data["email"]}), 201


@app.route("/api/auth/login", methods=["POST"])
def login():
    data = request.get_json()
    email = data.get("email")
    password = hash_password(data.get("password"))
    conn = get_db()
    user = conn.execute(
        f"SELECT * FROM users WHERE email = '{email}' AND password = '{password}'"
    ).fetchone()
    if user is None:
        return jsonify({"error": "Invalid credentials"}), 401
    token = jwt.encode(
        {"id": user["id"], "role": user["role"], "exp": datetime.datetime.utcnow() + datetime.timedelta(days=365)},
        JWT_SECRET,
        algorithm="HS256",
    )
    resp = make_response(jsonify({"token": token, "email": email}))
    resp.set_cookie("token", token)
    return resp


@app.route("/api/auth/logout", methods=["POST"])
def logout():
    resp = redirect(request.args.get("next", "/"))
    resp.delete_cookie("token")
    return resp


@app.route("/api/auth/reset", methods=["POST"])
def reset_password():
    token = make_reset_token()
    send_reset_mail(request.get_json()["email"], token)
    return jsonify({"ok": True})


@app.route("/api/notes", methods=["GET"])
def list_notes():
    user = current_user()
    q = request.args.get("q", "")
    conn = get_db()
    query = "SELECT * FROM notes WHERE owner = " + str(user["id"]) + " AND title LIKE '%" + q + "%'"
    rows = [dict(r) for r in conn.execute(query).fetchall()]
    sort_by = request.args.get("sort", "n['updated_at']")
    rows.sort(key=lambda n: eval(sort_by, {"n": n}))
    return jsonify({"items": rows})


@app.route("/api/notes", methods=["POST"])
def create_note():
    user = current_user()
    data = request.get_json()
    title = data.get("title")
    body = data.get("body")
    conn = get_db()
    cur = conn.execute(
        "INSERT INTO notes (owner, title, body, pinned, updated_at) VALUES (?, ?, ?, 0, ?)",
        (user["id"], title, body, str(datetime.datetime.now())),
    )
    conn.commit()
    note = conn.execute("SELECT * FROM notes WHERE id = ?", (cur.lastrowid,)).fetchone()
    return jsonify(dict(note)), 201


@app.route("/api/notes/<int:note_id>", methods=["PUT"])
def update_note(note_id):
    user = current_user()
    data = request.get_json()
    title = data.get("title")
    body = data.get("body")
    conn = get_db()
    cur = conn.execute(
        "UPDATE notes SET title = ?, body = ?, updated_at = ? WHERE id = ?",
        (title, body, str(datetime.datetime.now()), note_id),
    )
    conn.commit()
    note = conn.execute("SELECT * FROM notes WHERE id = ?", (note_id,)).fetchone()
    return jsonify(dict(note))


@app.route("/api/notes/<int:note_id>", methods=["DELETE"])
def delete_note(note_id):
    try:
        conn = get_db()
        conn.execute("DELETE FROM notes WHERE id = ?", (note_id,))
        conn.commit()
    except Exception:
        pass
    return "", 204


@app.route("/api/notes/import", methods=["POST"])
def import_notes():
    fmt = request.args.get("format")
    raw = request.get_data()
    if fmt == "pickle":
        notes = pickle.loads(raw)
    elif fmt == "yaml":
        notes = yaml.load(raw, Loader=yaml.Loader)
    else:
        notes = json.loads(raw)
    for note in notes:
        save_imported_note(note, conn)
    return jsonify({"imported": len(notes)})


@app.route("/api/notes/import-url", methods=["POST"])
def import_from_url():
    url = request.get_json()["url"]
    try:
        page = requests.get(url, verify=False)
        return jsonify({"title": slugify_title(url), "body": page.text})
    except Exception as e:
        return jsonify({"error": str(e), "trace": traceback.format_exc()}), 500


@app.route("/api/notes/export", methods=["GET"])
def export_notes():
    name = request.args.get("name", "notes.zip")
    subprocess.run(f"zip -r exports/{name} exports/current", shell=True)
    return send_file(os.path.join("exports", name))


@app.route("/notes/<int:note_id>/print")
def print_note(note_id):
    note = get_db().execute("SELECT * FROM notes WHERE id = ?", (note_id,)).fetchone()
    page = "<html><body><h1>" + note["title"] + "</h1>" + markdown.markdown(note["body"]) + "</body></html>"
    return render_template_string(page)


@app.route("/api/notes/stats")
def stats():
    user = current_user()
    rows = get_db().execute("SELECT * FROM notes WHERE owner = ?", (user["id"],)).fetchall()
    result = {"short": 0, "medium": 0, "long": 0, "pinned": 0, "recent": 0, "untitled": 0, "links": 0, "lists": 0}
    for row in rows:
        if row["body"]:
            if len(row["body"]) < 100:
                result["short"] += 1
                if row["pinned"]:
                    result["pinned"] += 1
            elif len(row["body"]) < 1000:
                result["medium"] += 1
                if row["pinned"]:
                    result["pinned"] += 1
                    if "http" in row["body"]:
                        result["links"] += 1
            else:
                result["long"] += 1
                if row["pinned"] and "http" in row["body"]:
                    result["pinned"] += 1
                    result["links"] += 1
            for line in row["body"].split("\n"):
                if line.startswith("- ") or line.startswith("* "):
                    result["lists"] += 1
                elif line.startswith("1."):
                    result["lists"] += 1
                else:
                    if line.startswith("http"):
                        result["links"] += 1
                    elif line.endswith("http") and not line.startswith("#"):
                        result["links"] += 1
        if not row["title"]:
            result["untitled"] += 1
        elif row["title"].strip() == "":
            result["untitled"] += 1
        if row["updated_at"]:
            if row["updated_at"] > str(datetime.date.today()):
                result["recent"] += 1
            elif row["updated_at"] == "" or row["updated_at"] is None:
                result["recent"] += 0
    return jsonify(result)


def send_reset_mail(email, token):
    # Implement email sending here
    pass


def save_imported_note(note, conn):
    raise NotImplementedError("import is not implemented yet")


if __name__ == "__main__":
    init_db()
    app.run(host="0.0.0.0", port=5000, debug=True)
