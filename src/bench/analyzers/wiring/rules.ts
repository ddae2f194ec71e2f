import type { Rule } from '#bench/findings'

const conformance = { category: 'conformance', confidence: 'high' } as const

/** What can be wrong between the parts of an app. */
const table = [
  {
    ...conformance,
    id: 'missing-route',
    title: 'Request to a route that does not exist',
    severity: 'high',
    why: 'The backend answers 404: whatever the user did here never happens.',
    fix: 'Add the route to the backend, or call the one that exists.',
  },
  {
    ...conformance,
    id: 'method-mismatch',
    title: 'Request with a method the route does not answer',
    severity: 'high',
    why: 'The backend has the path but answers 405 (or 404) to this method: the action fails every time.',
    fix: 'Use the method the route is declared with, or declare the route for this method.',
  },
  {
    ...conformance,
    id: 'unmounted-router',
    title: 'Router or blueprint never mounted',
    severity: 'high',
    why: 'Its routes exist only in the source: every request to them is answered with 404.',
    fix: 'Mount it on the app (app.use, register_blueprint, include_router), or remove it.',
  },
  {
    ...conformance,
    id: 'unused-route',
    title: 'Route the frontend never calls',
    severity: 'info',
    confidence: 'medium',
    why: 'A feature was built on one side only, or an endpoint is open for no reason.',
    fix: 'Call it from the frontend, or remove it.',
  },
  {
    ...conformance,
    id: 'missing-field',
    title: 'Field the other side does not send',
    severity: 'medium',
    confidence: 'medium',
    why: 'The backend refuses the request, or a part of the page stays empty for ever.',
    fix: 'Send the field under the name that is read, or read the name that is sent.',
  },
  {
    ...conformance,
    id: 'unread-field',
    title: 'Sent field the backend never reads',
    severity: 'low',
    confidence: 'medium',
    why: 'What the user entered is dropped without a word.',
    fix: 'Read and store the field in the backend under the name that is sent, or stop sending it.',
  },
  {
    ...conformance,
    id: 'wrong-port',
    title: 'Request to a port nothing listens on',
    severity: 'high',
    confidence: 'medium',
    why: 'The browser cannot connect: the whole frontend is cut off from the backend.',
    fix: 'Use one port on both sides, best from one setting.',
  },
  {
    ...conformance,
    id: 'missing-proxy',
    title: 'Relative requests without a proxy to the backend',
    severity: 'high',
    confidence: 'medium',
    why: 'The development server answers these requests itself with its own page, so the API is never reached.',
    fix: 'Add a proxy for the API to the development server, or call the backend by its full address.',
  },
  {
    ...conformance,
    id: 'missing-cors',
    title: 'Requests across origins without CORS',
    severity: 'high',
    why: 'The browser blocks every answer of the backend, because it comes from another origin and does not allow this one.',
    fix: 'Allow the frontend’s origin in the backend (flask-cors, CORSMiddleware, the cors package), or proxy the API.',
    help: 'https://developer.mozilla.org/docs/Web/HTTP/CORS',
  },
  {
    ...conformance,
    id: 'duplicate-route',
    title: 'Route declared twice',
    severity: 'medium',
    why: 'Only the first declaration answers: the code of the second never runs.',
    fix: 'Remove one, or give it a path or method of its own.',
  },
  {
    ...conformance,
    id: 'shadowed-route',
    title: 'Route hidden by an earlier one with a parameter',
    severity: 'medium',
    why: 'Routes are tried in order and the parameter matches first: the later route is never reached.',
    fix: 'Declare the literal path before the one with the parameter.',
  },
  {
    ...conformance,
    id: 'missing-template',
    title: 'Template that does not exist',
    severity: 'high',
    why: 'Rendering fails with a server error as soon as the page is asked for.',
    fix: 'Add the template, or correct its name.',
  },
  {
    ...conformance,
    id: 'missing-static-file',
    title: 'Static file that does not exist',
    severity: 'medium',
    why: 'The page loads without this style, script or image.',
    fix: 'Add the file, or correct the reference.',
  },
  {
    ...conformance,
    id: 'missing-endpoint',
    title: 'url_for names an endpoint that does not exist',
    severity: 'high',
    why: 'Flask raises BuildError: the page that contains this link or redirect answers 500.',
    fix: 'Name the view function of an existing route, with its blueprint in front where it has one.',
  },
  {
    ...conformance,
    id: 'undocumented-setting',
    title: 'Environment variable nobody is told about',
    severity: 'low',
    why: 'Whoever deploys the app cannot know that it must be set.',
    fix: 'List it in .env.example or the README, with its meaning.',
  },
  {
    ...conformance,
    id: 'unused-setting',
    title: 'Documented setting nothing reads',
    severity: 'info',
    confidence: 'medium',
    why: 'Setting it has no effect, which whoever sets it does not expect.',
    fix: 'Read it where it was meant to be used, or remove it from the example.',
  },
] as const satisfies readonly Rule[]

export type WiringRule = (typeof table)[number]['id']

const rules: ReadonlyMap<string, Rule> = new Map(table.map((rule) => [rule.id, rule]))

export function ruleOf(id: string): Rule | undefined {
  return rules.get(id)
}
