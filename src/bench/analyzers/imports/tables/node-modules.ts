/** Modules of Node.js by their bare names (Node 24, `module.builtinModules`), without underscore-prefixed ones. */
const bare = new Set(
  `
  assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns
  dns/promises domain events fs fs/promises http http2 https inspector inspector/promises module net os path path/posix
  path/win32 perf_hooks process punycode querystring readline readline/promises repl stream stream/consumers
  stream/promises stream/web string_decoder sys timers timers/promises tls trace_events tty url util util/types v8 vm
  wasi worker_threads zlib
`
    .trim()
    .split(/\s+/),
)

/** Modules that exist only under the `node:` scheme. */
const schemeOnly = new Set(['sea', 'sqlite', 'test', 'test/reporters'])

/** What a specifier is to Node.js: one of its modules, a `node:` name it does not have, or neither. */
export function nodeModule(specifier: string): 'builtin' | 'missing' | undefined {
  if (specifier.startsWith('node:')) {
    const name = specifier.slice('node:'.length)
    return bare.has(name) || schemeOnly.has(name) ? 'builtin' : 'missing'
  }
  return bare.has(specifier) ? 'builtin' : undefined
}

/**
 * Packages that npm installs beside another one and that code therefore can import without declaring. Source: the
 * `dependencies` of the packages' own package.json (used only where there is no lock file).
 */
const brought: Readonly<Record<string, string>> = {
  '@apollo/server': 'body-parser express cors graphql-tag',
  '@nestjs/platform-express': 'express cors multer',
  '@reduxjs/toolkit': 'immer redux redux-thunk reselect',
  '@mui/material': '@mui/system @mui/utils clsx prop-types react-transition-group',
  '@testing-library/jest-dom': 'aria-query',
  '@testing-library/react': '@testing-library/dom',
  'apollo-server-express': 'express cors body-parser graphql-tag',
  axios: 'form-data follow-redirects proxy-from-env',
  electron: '@electron/get',
  eslint: '@eslint/js @eslint/eslintrc espree',
  'eslint-config-next': 'eslint-plugin-react eslint-plugin-react-hooks eslint-plugin-import eslint-plugin-jsx-a11y',
  express:
    'accepts body-parser cookie cookie-signature debug depd escape-html etag finalhandler fresh http-errors mime-types ms on-finished parseurl proxy-addr qs range-parser send serve-static statuses type-is vary',
  jest: '@jest/globals @jest/core expect jest-cli',
  knex: 'pg-connection-string lodash debug colorette',
  mongoose: 'mongodb bson kareem mquery ms',
  next: 'postcss styled-jsx',
  'react-dom': 'scheduler',
  'react-router-dom': 'react-router',
  'react-scripts':
    'webpack webpack-dev-server babel-jest babel-loader jest eslint eslint-config-react-app postcss @svgr/webpack workbox-webpack-plugin semver',
  sequelize: 'lodash debug moment uuid validator',
  'socket.io': 'engine.io cors debug socket.io-adapter socket.io-parser',
  'socket.io-client': 'engine.io-client socket.io-parser debug',
  'typescript-eslint': '@typescript-eslint/eslint-plugin @typescript-eslint/parser @typescript-eslint/utils',
  vite: 'rollup esbuild postcss',
  vitest: '@vitest/expect @vitest/runner @vitest/spy @vitest/utils chai vite',
  vue: '@vue/compiler-sfc @vue/compiler-dom @vue/runtime-dom @vue/reactivity @vue/runtime-core @vue/server-renderer @vue/shared',
  winston: 'logform winston-transport',
}

/** The declared package that brings another one along, if one is known to. */
export function broughtBy(name: string, declared: Iterable<string>): string | undefined {
  for (const owner of declared) {
    if (Object.hasOwn(brought, owner) && brought[owner]?.split(' ').includes(name)) return owner
  }
  return undefined
}
