import { autoescapeRules } from './autoescape.ts'
import { testRules } from './testing.ts'

testRules('autoescape', autoescapeRules, {
  'autoescape-off': {
    vulnerable: [
      ['app.py', 'app.jinja_env.autoescape = False'],
      ['app.py', 'from jinja2 import Environment\nenv = Environment(loader=loader, autoescape=False)'],
      ['app.py', 'import jinja2\nenv = jinja2.Environment(autoescape=False)'],
      ['app.js', "const nunjucks = require('nunjucks')\nnunjucks.configure('views', { autoescape: false })"],
    ],
    safe: [
      [
        'app.py',
        'from jinja2 import Environment, select_autoescape\nenv = Environment(autoescape=select_autoescape())',
      ],
      ['app.py', 'from jinja2 import Environment\nenv = Environment(autoescape=True)'],
      ['app.js', "const nunjucks = require('nunjucks')\nnunjucks.configure('views', { autoescape: true })"],
    ],
  },
})
