"""Runs first in every Python of a watched app: writes down what it opens, starts, asks, connects to and evaluates.

One JSON object a line goes to the file named by ASSAY_OBSERVED. The standard library's audit events say what happens, whatever the app's
code looks like; nothing of the app is changed.
"""

import json
import os
import sys
import threading
import time

_LIMIT = 20_000
_DETAIL = 2_000
_QUIET = ("/usr/", "/lib", "/run/packages/", "/run/assay", "/proc/", "/dev/", "/sys/", "/etc/ssl", "/etc/localtime")
_state = threading.local()
_left = [_LIMIT]


def _open_record():
    path = os.environ.get("ASSAY_OBSERVED")
    if not path:
        return None
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)


def _text(value):
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _is_quiet(path):
    return path.startswith(_QUIET) or path.endswith((".pyc", ".pyi")) or "/__pycache__" in path or "site-packages" in path


def _path(value):
    if isinstance(value, int) or value is None:
        return None
    text = _text(os.fspath(value))
    path = text if text.startswith("/") else os.path.join(os.getcwd(), text)
    return None if _is_quiet(path) else path


def _file(kind):
    def read(arguments):
        path = _path(arguments[0])
        return None if path is None else (kind, path)

    return read


def _opened(arguments):
    path, _mode, flags = arguments
    path = _path(path)
    if path is None:
        return None
    return ("file-write" if flags & (os.O_WRONLY | os.O_RDWR) else "file-read", path)


def _renamed(arguments):
    source, target = _text(arguments[0]), _text(arguments[1])
    return ("file-write", f"{source} -> {target}")


def _words(value):
    if isinstance(value, (str, bytes)):
        return _text(value)
    return " ".join(_text(word) for word in value)


def _started(arguments):
    return ("process", _words(arguments[1] if arguments[1] else [arguments[0]]))


def _system(arguments):
    return ("process", _text(arguments[0]))


def _executed(arguments):
    return ("process", _words(arguments[1]))


def _connected(arguments):
    address = arguments[1]
    if isinstance(address, tuple):
        return ("connect", f"{_text(address[0])}:{address[1]}")
    return ("connect", _text(address))


def _looked_up(arguments):
    return ("connect", f"{_text(arguments[0])}:{arguments[1]}") if arguments[0] else None


def _requested(arguments):
    return ("connect", _text(arguments[0]))


def _compiled(arguments):
    source, name = arguments
    if not isinstance(source, (str, bytes)) or (name is not None and _text(name) not in ("<string>", "<stdin>")):
        return None
    return ("evaluate", _text(source))


def _unpickled(arguments):
    return ("deserialize", f"pickle {arguments[0]}.{arguments[1]}")


def _watch_sqlite(module):
    connect = module.connect

    def watched(*arguments, **options):
        connection = connect(*arguments, **options)
        connection.set_trace_callback(lambda statement: _write("query", statement))
        return connection

    module.connect = watched


def _watch_method(owner, name, describe):
    method = getattr(owner, name, None)
    if method is None:
        return

    def watched(self, *arguments, **options):
        try:
            _write("query", describe(self, arguments))
        except Exception:
            # What cannot be described is not described; the app goes on.
            pass
        return method(self, *arguments, **options)

    setattr(owner, name, watched)


def _statement(_self, arguments):
    return _text(arguments[0]) + (f" -- {arguments[1]!r}" if len(arguments) > 1 else "")


def _filter(self, arguments):
    return f"{self.name} " + ", ".join(repr(each) for each in arguments[:2])


def _watch_collection(module):
    names = "find find_one insert_one insert_many update_one update_many delete_one delete_many aggregate count_documents"
    for name in names.split():
        _watch_method(module.Collection, name, _filter)


# Drivers whose statements no audit event tells: the module, and what is done to it once it is loaded.
_DRIVERS = {
    "sqlite3.dbapi2": _watch_sqlite,
    "pymysql.cursors": lambda module: _watch_method(module.Cursor, "execute", _statement),
    "MySQLdb.cursors": lambda module: _watch_method(module.BaseCursor, "execute", _statement),
    "pymongo.collection": _watch_collection,
}


class _Drivers:
    """A finder that finds nothing itself, and watches drivers when the others have found them."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        watch = _DRIVERS.pop(name, None)
        if watch is None:
            return None
        from importlib.util import find_spec

        spec = find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def watched(module):
            execute(module)
            try:
                watch(module)
            except Exception:
                # Another version than it was written for: its statements are not seen.
                pass

        spec.loader.exec_module = watched
        return spec


_EVENTS = {
    "open": _opened,
    "os.listdir": _file("file-read"),
    "os.scandir": _file("file-read"),
    "os.remove": _file("file-write"),
    "os.mkdir": _file("file-write"),
    "os.rmdir": _file("file-write"),
    "os.rename": _renamed,
    "os.link": _renamed,
    "os.symlink": _renamed,
    "shutil.rmtree": _file("file-write"),
    "subprocess.Popen": _started,
    "os.system": _system,
    "os.exec": _executed,
    "os.posix_spawn": _executed,
    "socket.connect": _connected,
    "socket.getaddrinfo": _looked_up,
    "urllib.Request": _requested,
    "compile": _compiled,
    "pickle.find_class": _unpickled,
}


def _write(kind, detail):
    if _left[0] <= 0:
        return
    _left[0] -= 1
    line = json.dumps({"kind": kind, "detail": detail[:_DETAIL], "at": time.time() * 1000})
    try:
        os.write(_record, line.encode() + b"\n")
    except OSError:
        # The disk of the sandbox is full: the app must not notice.
        _left[0] = 0


def _hook(event, arguments):
    read = _EVENTS.get(event)
    if read is None or getattr(_state, "busy", False):
        return
    _state.busy = True
    try:
        seen = read(arguments)
        if seen is not None:
            _write(*seen)
    except Exception:
        # A hook that fails would fail the app: what it could not describe is not described.
        pass
    finally:
        _state.busy = False


_record = _open_record()
if _record is not None:
    sys.addaudithook(_hook)
    sys.meta_path.insert(0, _Drivers)
