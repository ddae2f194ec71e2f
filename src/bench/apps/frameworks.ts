import type { Component } from './snapshot.ts'

/** What an app can be built on. */
export interface Framework {
  readonly name: string
  readonly role: Component['role']
  readonly language: 'python' | 'javascript'
  /** Frameworks this one brings along: not named beside it. */
  readonly implies?: readonly string[]
  /** The call that creates the app object: a source with it is the entry point, one that only imports is not. */
  readonly creates?: string
}

/** npm package → framework. */
export const packageFrameworks: ReadonlyMap<string, Framework> = new Map([
  ['express', server('express', 'express()')],
  ['fastify', server('fastify', 'astify(')],
  ['koa', server('koa', 'new Koa')],
  ['hono', server('hono', 'new Hono')],
  ['@hapi/hapi', server('hapi', '.server(')],
  ['@nestjs/core', { ...server('nest', 'NestFactory'), implies: ['express', 'fastify'] }],
  ['next', client('next', 'fullstack', ['react'])],
  ['nuxt', client('nuxt', 'fullstack', ['vue'])],
  ['@sveltejs/kit', client('sveltekit', 'fullstack', ['svelte'])],
  ['@remix-run/react', client('remix', 'fullstack', ['react'])],
  ['react', client('react')],
  ['vue', client('vue')],
  ['svelte', client('svelte')],
  ['@angular/core', client('angular')],
  ['preact', client('preact')],
  ['solid-js', client('solid')],
])

/** Python module, which is also the distribution's name → framework. */
export const pythonFrameworks: ReadonlyMap<string, Framework> = new Map([
  ['flask', python('flask', 'Flask(')],
  ['fastapi', { ...python('fastapi', 'FastAPI('), implies: ['starlette'] }],
  ['django', python('django', 'DJANGO_SETTINGS_MODULE')],
  ['starlette', python('starlette', 'Starlette(')],
  ['tornado', python('tornado', 'Application(')],
  ['sanic', python('sanic', 'Sanic(')],
  ['bottle', python('bottle', 'Bottle(')],
  ['quart', python('quart', 'Quart(')],
  ['streamlit', { name: 'streamlit', role: 'fullstack', language: 'python' }],
])

function server(name: string, creates: string): Framework {
  return { name, role: 'backend', language: 'javascript', creates }
}

function client(name: string, role: 'frontend' | 'fullstack' = 'frontend', implies: readonly string[] = []): Framework {
  return { name, role, language: 'javascript', implies }
}

function python(name: string, creates: string): Framework {
  return { name, role: 'backend', language: 'python', creates }
}
