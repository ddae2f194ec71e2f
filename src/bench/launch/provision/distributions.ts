import { normalisePythonName } from '#bench/manifests'

/** Distributions whose modules are called otherwise, of those that small web applications use. */
const distributions: Readonly<Record<string, string>> = {
  bs4: 'beautifulsoup4',
  crypto: 'pycryptodome',
  cv2: 'opencv-python',
  dateutil: 'python-dateutil',
  docx: 'python-docx',
  dotenv: 'python-dotenv',
  fitz: 'pymupdf',
  jose: 'python-jose',
  jwt: 'pyjwt',
  magic: 'python-magic',
  mysqldb: 'mysqlclient',
  pil: 'pillow',
  psycopg2: 'psycopg2-binary',
  serial: 'pyserial',
  sklearn: 'scikit-learn',
  slugify: 'python-slugify',
  socketio: 'python-socketio',
  yaml: 'pyyaml',
}

/** Modules of packages that small web applications are made of, in lower case. */
const customary =
  /^(?:flask(?:_\w+)?|sqlalchemy|werkzeug|jinja2|markupsafe|itsdangerous|wtforms|marshmallow|pydantic|fastapi|uvicorn|starlette|django|rest_framework|requests|httpx|bcrypt|passlib|argon2|cryptography|jwt|jose|yaml|dotenv|markdown|bleach|pil|psycopg2|pymysql|redis|pymongo|peewee|email_validator|numpy|pandas|lxml|bs4|gunicorn|waitress|apscheduler|stripe)$/

/** The distribution a module most likely comes from. */
export function distributionOf(module: string): string {
  const plain = normalisePythonName(module)
  return distributions[plain] ?? plain
}

/** The distributions a Python text imports, of those that are customary; for apps that declare nothing at all. */
export function importedDistributions(text: string): string[] {
  const found = [...text.matchAll(/^[ \t]*(?:from|import)[ \t]+(\w+)/gm)].map((match) => (match[1] ?? '').toLowerCase())
  return [...new Set(found.filter((module) => customary.test(module)).map(distributionOf))]
}
