/**
 * Packages that work without being imported, and for whom: `*` for anybody (tools, servers, type stubs), otherwise the
 * packages that load them by name. Source: the optional requirements in the documentation of the owners.
 */
export const pythonCompanions: readonly (readonly [RegExp, string])[] = [
  [/^(?:gunicorn|uvicorn|waitress|hypercorn|daphne|gevent|eventlet|uwsgi|granian|honcho|supervisor)$/, '*'],
  [
    /^(?:pytest.*|.*-stubs|types-.*|mypy.*|black|ruff|flake8.*|isort|pylint.*|pre-commit|coverage|tox|nox|bandit|ipython|ipdb|poetry.*|hatch.*|factory-boy|faker)$/,
    '*',
  ],
  [/^(?:setuptools|wheel|pip|pip-tools|build|twine|tzdata|typing-extensions|certifi|greenlet|cffi|colorama)$/, '*'],
  [
    /^(?:psycopg(?:2|-binary|2-binary|2cffi)?|psycopg-c|asyncpg|mysqlclient|pymysql|aiomysql|asyncmy|aiosqlite|mysql-connector-python|cx-oracle|oracledb|pyodbc|pymssql|duckdb-engine)$/,
    'sqlalchemy django databases tortoise-orm peewee sqlmodel',
  ],
  [/^python-multipart$/, 'fastapi starlette'],
  [/^email-validator$/, 'pydantic wtforms flask-wtf fastapi'],
  [/^jinja2$/, 'flask fastapi starlette'],
  [/^(?:itsdangerous|httpx|orjson|ujson)$/, 'fastapi starlette'],
  [/^(?:bcrypt|argon2-cffi)$/, 'passlib django flask-bcrypt pwdlib'],
  [/^cryptography$/, 'pyjwt python-jose authlib pymysql flask-jwt-extended django'],
  [/^pillow$/, 'django qrcode reportlab flask-wtf matplotlib streamlit'],
  [/^(?:lxml|html5lib)$/, 'beautifulsoup4 pandas'],
  [/^(?:openpyxl|xlrd|xlsxwriter|pyarrow|fastparquet|tables|tabulate|jinja2)$/, 'pandas'],
  [/^(?:uvloop|httptools|websockets|watchfiles)$/, 'uvicorn'],
  [/^redis$/, 'celery flask-session channels channels-redis flask-caching flask-limiter django flask-socketio rq'],
  [/^python-dotenv$/, 'flask uvicorn pydantic-settings'],
  [/^(?:simple-websocket|gevent-websocket)$/, 'flask-socketio'],
  [/^blinker$/, 'flask sentry-sdk'],
  [
    /^(?:accelerate|sentencepiece|safetensors|bitsandbytes|torch|protobuf|tokenizers)$/,
    'transformers diffusers sentence-transformers',
  ],
  [/^(?:kaleido|nbformat)$/, 'plotly'],
  [/^(?:whitenoise|dj-database-url|django-.*)$/, 'django'],
  [/^watchdog$/, 'flask streamlit werkzeug'],
]

export const npmCompanions: readonly (readonly [RegExp, string])[] = [
  [/^@types\//, '*'],
  [
    /(?:^|\/|-)(?:eslint|prettier|stylelint|babel|webpack|rollup|postcss|jest|vitest|vite|mocha|karma|cypress|commitlint|husky|swc|esbuild|storybook|tailwindcss)(?:$|\/|-)/,
    '*',
  ],
  [
    /^(?:typescript|tslib|ts-node|ts-node-dev|ts-jest|tsx|tsup|nodemon|concurrently|cross-env|rimraf|npm-run-all2?|lint-staged|autoprefixer|jsdom|happy-dom|nyc|c8|oxlint|@biomejs\/biome|turbo|lerna|nx|patch-package|source-map-support|react-scripts|react-app-rewired|env-cmd|dotenv-cli|playwright|@playwright\/test|semantic-release|identity-obj-proxy|terser|encoding|bufferutil|utf-8-validate|web-vitals|pm2|serve|http-server|vercel|wrangler|netlify-cli|svelte-check|vue-tsc|@vue\/tsconfig|@tsconfig\/.*|sharp-cli)$/,
    '*',
  ],
  [
    /-loader$|-plugin(?:-|$)|^@(?:angular|nestjs|vue|sveltejs|nuxt|nuxtjs|astrojs|react-native|expo|capacitor|ionic|remix-run|electron-forge|testing-library|graphql-codegen|svgr|rspack|rsbuild)\//,
    '*',
  ],
  [
    /^(?:react|react-dom)$/,
    'next gatsby @remix-run/react react-scripts expo @docusaurus/core react-native vite @vitejs/plugin-react',
  ],
  [
    /^(?:svelte|vue|nuxt|next|astro|gatsby|expo|electron|electron-builder|parcel|prisma|drizzle-kit|typeorm|sequelize-cli|knex)$/,
    '*',
  ],
  [/^(?:sass|sass-embedded|node-sass|less|stylus|pug)$/, '*'],
  [
    /^(?:pg|pg-hstore|pg-native|mysql|mysql2|sqlite3|better-sqlite3|tedious|mariadb|oracledb|sql\.js|@libsql\/client)$/,
    'sequelize knex typeorm drizzle-orm objection bookshelf @nestjs/typeorm mikro-orm @mikro-orm/core kysely',
  ],
  [/^pino-pretty$/, 'pino fastify'],
  [/^@prisma\/client$/, 'prisma'],
  [/^@emotion\/(?:react|styled)$/, '@mui/material @chakra-ui/react'],
  [/^(?:react-is|redux)$/, 'recharts styled-components @mui/material @reduxjs/toolkit react-redux'],
  [/^graphql$/, '@apollo/client @apollo/server apollo-server apollo-server-express urql graphql-yoga'],
  [/^(?:reflect-metadata|rxjs|class-transformer|class-validator|zone\.js)$/, '@nestjs/core @angular/core typeorm'],
  [/^(?:react-native|expo)-/, 'react-native expo'],
  [/^(?:framer-motion|@popperjs\/core)$/, '@chakra-ui/react bootstrap'],
]

/** The command a package installs, where scripts name it differently. */
export const commandsOf: Readonly<Record<string, readonly string[]>> = {
  typescript: ['tsc'],
  '@angular/cli': ['ng'],
  '@vue/cli-service': ['vue-cli-service'],
  '@nestjs/cli': ['nest'],
  'npm-run-all': ['run-s', 'run-p'],
  'dotenv-cli': ['dotenv'],
  'json-server': ['json-server'],
  'ts-node-dev': ['tsnd'],
}

/** Whether a package is needed without being imported, given what else is declared. */
export function isCompanion(
  table: readonly (readonly [RegExp, string])[],
  name: string,
  isDeclared: (name: string) => boolean,
): boolean {
  return table.some(([pattern, owners]) => pattern.test(name) && (owners === '*' || owners.split(' ').some(isDeclared)))
}
