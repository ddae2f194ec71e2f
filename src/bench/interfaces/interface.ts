/** A method of HTTP in capitals, `WS` for a WebSocket, `ALL` for whatever the method. */
export type Method = string

/** One field of a request, by the name it has on the wire. */
export interface Field {
  readonly name: string
  /** The backend refuses or breaks without it, as far as the handler shows. */
  readonly required: boolean
}

/** What a handler reads of requests. */
export interface RequestFields {
  readonly body: readonly Field[]
  readonly query: readonly Field[]
  /** The body goes on to code whose fields are not visible: `body` may be incomplete. */
  readonly open: boolean
}

/** One route a backend serves. */
export interface Route {
  readonly method: Method
  /** With named parameters: `/api/users/:id`; `*` stands for any rest. */
  readonly path: string
  readonly file: string
  readonly line: number
  readonly framework: string
  /** The function that answers, where it has a name. */
  readonly handler?: string
  readonly request: RequestFields
  /** Top-level names of JSON objects the handler answers with, where they are literal. */
  readonly response: readonly string[]
  /** Some answers are not literal: `response` may be incomplete. */
  readonly responseOpen: boolean
  /** Names of decorators and middleware in front of the handler: `login_required`, `authenticateToken`. */
  readonly guards: readonly string[]
  /** Environment variables read in the handler. */
  readonly environment: readonly string[]
  /** Where the router it belongs to hangs is not known: the path may lack a prefix. */
  readonly prefixUnknown: boolean
  /** False when its router or blueprint is never mounted, although the app object is visible. */
  readonly mounted: boolean
  /** Routes of one router are tried in this order; comparable only with equal `router`. */
  readonly order: number
  readonly router: string
}

/** What a call sends in its body. */
export interface SentFields {
  readonly names: readonly string[]
  /** Where names stand, as far as they are written out. */
  readonly places: readonly { readonly name: string; readonly file: string; readonly line: number }[]
  /** More may be sent than is visible. */
  readonly open: boolean
}

/** One request the frontend makes. */
export interface Call {
  /** `*` when it is not visible. */
  readonly method: Method
  /** As far as it is known, parameters as `:`; `http://localhost:5000/api/users/:`. */
  readonly url: string
  /** The part after the origin, without the query; undefined when the URL is not known well enough to judge. */
  readonly path: string | undefined
  /** `http://localhost:5000`; undefined for URLs relative to the page. */
  readonly origin: string | undefined
  /** The URL begins with something unknown (an environment variable without a default): the path may lack a prefix. */
  readonly baseUnknown: boolean
  /** Something unknown follows the path directly: a query string or more of the path. */
  readonly openEnd: boolean
  readonly query: readonly string[]
  readonly sent: SentFields | undefined
  /** Top-level fields the code around the call reads from its JSON answer. */
  readonly reads: readonly { readonly name: string; readonly line: number }[]
  readonly file: string
  readonly line: number
  /** `fetch`, `axios`, `form`, … */
  readonly via: string
  /** Runs on a server: not a call of the frontend. */
  readonly server: boolean
}

/** A place that reads an environment variable. */
export interface EnvironmentRead {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly hasDefault: boolean
  /** How the name may be written where it is set: settings classes ignore case. */
  readonly anyCase: boolean
}

/** A rule of a development server or reverse proxy. */
export interface ProxyRule {
  /** Paths beginning with this are passed on. */
  readonly prefix: string
  readonly target: string | undefined
  /** What the target sees for `prefix`; undefined when the rewriting is not understood. */
  readonly rewritten: string | undefined
  readonly file: string
  readonly line: number
}

/** A port a backend listens on. */
export interface Listener {
  readonly port: number
  /** Stated in the code or its start command, as opposed to the framework's default. */
  readonly explicit: boolean
  readonly file: string
  readonly line: number
}

/** How the parts of an app reach each other. */
export interface Delivery {
  readonly proxies: readonly ProxyRule[]
  readonly listeners: readonly Listener[]
  /** Files that set up CORS. */
  readonly cors: readonly string[]
  /** The backend serves the frontend's files itself. */
  readonly servesFrontend: boolean
  /** A development server of the frontend's own is configured, with no proxy of a kind that is not understood. */
  readonly ownDevServer: string | undefined
}

/** The interfaces between the parts of an app. */
export interface Interfaces {
  readonly routes: readonly Route[]
  readonly calls: readonly Call[]
  readonly environment: readonly EnvironmentRead[]
  readonly delivery: Delivery
}
