import type { Ecosystem } from '#bench/manifests'

/**
 * Names worth impersonating: packages generated applications use most. Source: the npm and PyPI download rankings,
 * narrowed to what web applications import.
 */
const popular: Readonly<Record<Ecosystem, ReadonlySet<string>>> = {
  npm: words(`
    @prisma/client @reduxjs/toolkit @tanstack/react-query ajv apollo-server archiver autoprefixer axios babel-loader
    bcrypt bcryptjs body-parser bootstrap browserify bull bullmq chalk chart.js cheerio classnames clsx commander
    compression concurrently connect-mongo cookie-parser cookie-session cors cross-env crypto-js csurf d3 date-fns dayjs
    debug dotenv drizzle-orm ejs electron esbuild eslint express express-async-errors express-fileupload
    express-rate-limit express-session express-validator fastify firebase form-data formik framer-motion fs-extra
    got graphql gulp handlebars helmet html-webpack-plugin http-errors http-proxy-middleware husky i18next immer
    inquirer ioredis jest joi jquery js-cookie js-yaml jsdom jsonwebtoken jwt-decode knex koa leaflet lodash
    lucide-react luxon marked mime-types mocha moment mongodb mongoose morgan multer mustache mysql mysql2 nanoid next
    next-auth node-cron node-fetch nodemailer nodemon nuxt openai passport passport-jwt passport-local pg pino pinia
    playwright postcss preact prettier prisma prop-types puppeteer qrcode query-string react react-chartjs-2 react-dom
    react-dropzone react-hook-form react-hot-toast react-icons react-query react-redux react-router react-router-dom
    react-select react-toastify recharts redis redux redux-thunk request rimraf rollup rxjs sanitize-html sass sequelize
    sharp shortid sinon slugify socket.io socket.io-client sqlite3 better-sqlite3 stripe styled-components supertest
    svelte swagger-jsdoc swagger-ui-express swr tailwindcss three ts-node tslib tsx typeorm typescript underscore uuid
    validator vite vitest vue vue-router vuex webpack webpack-cli winston ws xlsx xml2js yargs yup zod zustand
  `),
  pypi: words(`
    aiofiles aiohttp aiosqlite alembic anthropic apscheduler argon2-cffi asyncpg attrs azure-identity bcrypt
    beautifulsoup4 black bleach boto3 botocore cachetools celery certifi chardet charset-normalizer click colorama
    coverage cryptography django django-cors-headers django-environ django-filter djangorestframework
    djangorestframework-simplejwt docker email-validator fastapi fastapi-users flake8 flask flask-bcrypt flask-caching
    flask-cors flask-jwt-extended flask-limiter flask-login flask-mail flask-marshmallow flask-migrate flask-restful
    flask-restx flask-session flask-socketio flask-sqlalchemy flask-talisman flask-wtf gevent gitpython google-auth
    graphene greenlet grpcio gunicorn httpx hypercorn idna itsdangerous jinja2 jsonschema keras langchain lxml markdown
    markupsafe marshmallow matplotlib mongoengine motor mypy mysql-connector-python mysqlclient networkx nltk numpy
    openai opencv-python openpyxl orjson packaging pandas paramiko passlib peewee pillow pip playwright plotly prometheus-client
    protobuf psutil psycopg psycopg2 psycopg2-binary pyarrow pycryptodome pydantic pydantic-settings pygments pyjwt
    pylint pymongo pymysql pyopenssl pytest pytest-asyncio pytest-cov python-dateutil python-decouple python-dotenv
    python-jose python-multipart python-slugify pytz pyyaml qrcode redis regex reportlab requests requests-oauthlib rich
    ruff scikit-learn scipy scrapy seaborn selenium sentry-sdk setuptools six slowapi sqlalchemy sqlmodel starlette
    streamlit stripe sympy tabulate tensorflow torch tornado tqdm transformers twilio twisted typer typing-extensions
    tzdata urllib3 uvicorn uvloop validators waitress watchdog websockets werkzeug wheel whitenoise wtforms xlsxwriter
  `),
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}

/**
 * The popular package whose name is one edit away (a letter added, dropped, replaced or two neighbours swapped).
 * Names under five letters are left alone: too many real ones lie that close.
 */
export function popularNeighbour(ecosystem: Ecosystem, name: string): string | undefined {
  const names = popular[ecosystem]
  if (name.length < 5 || names.has(name)) return undefined
  for (const candidate of names) if (candidate.length >= 5 && isOneEdit(name, candidate)) return candidate
  return undefined
}

/** Whether two different texts are one insertion, deletion, replacement or swap of neighbours apart. */
export function isOneEdit(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  if (a.length === b.length) {
    if (a.slice(start + 1) === b.slice(start + 1)) return true
    return a[start] === b[start + 1] && a[start + 1] === b[start] && a.slice(start + 2) === b.slice(start + 2)
  }
  const [longer, shorter] = a.length > b.length ? [a, b] : [b, a]
  return longer.slice(start + 1) === shorter.slice(start)
}
