/**
 * Top-level modules of Python's standard library, 3.8 to 3.14. Source: `sys.stdlib_module_names` of CPython 3.10 to
 * 3.13, the module index of docs.python.org for 3.8, 3.9 and 3.14, and the "Removed" sections of "What's New".
 */
const always = new Set(
  `
  __future__ _abc _ast _asyncio _bisect _bz2 _codecs _collections _collections_abc _compat_pickle _csv _ctypes
  _curses _datetime _decimal _elementtree _frozen_importlib _frozen_importlib_external _functools _hashlib
  _heapq _imp _io _json _locale _lzma _markupbase _multiprocessing _opcode _operator _osx_support _pickle
  _posixsubprocess _py_abc _pydecimal _pyio _queue _random _signal _socket _sqlite3 _sre _ssl _stat _string
  _strptime _struct _symtable _thread _threading_local _tkinter _tracemalloc _uuid _warnings _weakref
  _weakrefset _winapi _zoneinfo abc antigravity argparse array ast asyncio atexit base64 bdb binascii bisect
  builtins bz2 cProfile calendar cmath cmd code codecs codeop collections colorsys compileall concurrent
  configparser contextlib contextvars copy copyreg csv ctypes curses dataclasses datetime dbm decimal difflib
  dis doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib
  functools gc genericpath getopt getpass gettext glob grp gzip hashlib heapq hmac html http idlelib imaplib
  importlib inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox marshal math
  mimetypes mmap modulefinder msvcrt multiprocessing netrc nt ntpath nturl2path numbers opcode operator optparse
  os pathlib pdb pickle pickletools pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty
  pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter
  runpy sched secrets select selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3
  sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess symtable sys
  sysconfig syslog tabnanny tarfile tempfile termios textwrap this threading time timeit tkinter token tokenize
  trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uuid venv warnings
  wave weakref webbrowser winreg winsound wsgiref xml xmlrpc zipapp zipfile zipimport zlib
  test
`
    .trim()
    .split(/\s+/),
)

interface Availability {
  /** The first version that has it; absent when 3.8 has. */
  readonly since?: string
  /** The first version that does not have it any more. */
  readonly removed?: string
}

const changed: Readonly<Record<string, Availability>> = {
  _dummy_thread: { removed: '3.9' },
  _typing: { since: '3.11' },
  aifc: { removed: '3.13' },
  annotationlib: { since: '3.14' },
  asynchat: { removed: '3.12' },
  asyncore: { removed: '3.12' },
  audioop: { removed: '3.13' },
  binhex: { removed: '3.11' },
  cgi: { removed: '3.13' },
  cgitb: { removed: '3.13' },
  chunk: { removed: '3.13' },
  compression: { since: '3.14' },
  crypt: { removed: '3.13' },
  distutils: { removed: '3.12' },
  dummy_threading: { removed: '3.9' },
  formatter: { removed: '3.10' },
  graphlib: { since: '3.9' },
  imghdr: { removed: '3.13' },
  imp: { removed: '3.12' },
  lib2to3: { removed: '3.13' },
  mailcap: { removed: '3.13' },
  msilib: { removed: '3.13' },
  nis: { removed: '3.13' },
  nntplib: { removed: '3.13' },
  ossaudiodev: { removed: '3.13' },
  parser: { removed: '3.10' },
  pipes: { removed: '3.13' },
  smtpd: { removed: '3.12' },
  sndhdr: { removed: '3.13' },
  spwd: { removed: '3.13' },
  sunau: { removed: '3.13' },
  symbol: { removed: '3.10' },
  telnetlib: { removed: '3.13' },
  tomllib: { since: '3.11' },
  uu: { removed: '3.13' },
  xdrlib: { removed: '3.13' },
  zoneinfo: { since: '3.9' },
}

/** When a top-level module is part of the standard library; undefined when it never was. */
export function standardLibrary(module: string): Availability | undefined {
  if (always.has(module)) return {}
  return Object.hasOwn(changed, module) ? changed[module] : undefined
}

/** Whether Python `version` (`3.12`) has a module of that availability. */
export function hasModule(availability: Availability, version: string): boolean {
  const at = minor(version)
  if (availability.since !== undefined && at < minor(availability.since)) return false
  return availability.removed === undefined || at < minor(availability.removed)
}

function minor(version: string): number {
  return Number(version.split('.')[1] ?? 0)
}
