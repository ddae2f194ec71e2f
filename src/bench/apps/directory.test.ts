import { expect, test } from 'vitest'
import { appOf } from '../analyzers/testing.ts'

async function roles(files: Record<string, string>): Promise<Record<string, string>> {
  const app = await appOf(files)
  return Object.fromEntries(app.files.map(({ path, role }) => [path, role]))
}

const ownLine = "document.getElementById('total').textContent = total(items)\n"

test('bundles and minified files are generated, whatever they are called', async () => {
  expect(
    await roles({
      'browserify.js': `(function e(t,n,r){function s(o,u){return n[o]}return s})({1:[function(require,module,exports){\n${ownLine.repeat(100)}`,
      'webpack.js': `/******/ (() => { // webpackBootstrap\n${ownLine.repeat(100)}`,
      'esbuild.js': `"use strict";\nvar __defProp = Object.defineProperty;\n${ownLine.repeat(100)}`,
      'rolldown.mjs': `//#region node_modules/lit/index.js\n${ownLine.repeat(100)}`,
      'mixed.js': `${ownLine.repeat(40)}const a=${'1+'.repeat(3000)}1\n`,
      'minified.css': `a{b:c}${'.d{e:f}'.repeat(1000)}`,
    }),
  ).toEqual({
    'browserify.js': 'generated',
    'webpack.js': 'generated',
    'esbuild.js': 'generated',
    'rolldown.mjs': 'generated',
    'mixed.js': 'generated',
    'minified.css': 'generated',
  })
})

test('libraries under their own name are vendored, also with a version and unminified', async () => {
  expect(
    await roles({
      'static/jquery.js': ownLine,
      'static/jquery-3.7.1.js': ownLine,
      'static/js/bootstrap.bundle.js': ownLine,
      'static/chart-4.4.0.js': ownLine,
      'static/react.production.min.js': ownLine,
    }),
  ).toEqual({
    'static/jquery.js': 'vendored',
    'static/jquery-3.7.1.js': 'vendored',
    'static/js/bootstrap.bundle.js': 'vendored',
    'static/chart-4.4.0.js': 'vendored',
    'static/react.production.min.js': 'vendored',
  })
})

test('what somebody wrote is source: long lines in part, a function around all, names of libraries', async () => {
  expect(
    await roles({
      'app.js': `(function ($) {\n${ownLine.repeat(100)}})(window)\n`,
      'picture.js': `${ownLine.repeat(100)}const logo = '${'A'.repeat(3000)}'\n`,
      'page.html': `<img src="data:image/png;base64,${'A'.repeat(6000)}">\n${'<p>text</p>\n'.repeat(400)}`,
      'src/axios.js': ownLine.repeat(100),
      'src/chart.js': ownLine.repeat(100),
    }),
  ).toEqual({
    'app.js': 'source',
    'picture.js': 'source',
    'page.html': 'source',
    'src/axios.js': 'source',
    'src/chart.js': 'source',
  })
})
