import { testMarked } from './marked-lines.ts'

testMarked('missing-authentication', {
  'Express: middleware of routes, its code and the roles it asks for': {
    'server.js': `const express = require('express')
const jwt = require('jsonwebtoken')
const store = require('./store')
const app = express()
const signedIn = (req, res, next) => {
  const token = (req.headers['authorization'] || '').split(' ')[1]
  if (!token) return res.sendStatus(401)
  jwt.verify(token, process.env.SECRET, (error, user) => {
    if (error) return res.sendStatus(403)
    req.user = user
    next()
  })
}
const isAdmin = (req, res, next) => {
  if (req.user && req.user.role === 'admin') next()
  else res.status(403).end()
}
app.post('/api/login', (req, res) => { store.openSession(req.body); res.end() })
app.get('/api/users', signedIn, isAdmin, (req, res) => res.json(store.users()))
app.delete('/api/users/:id', signedIn, (req, res) => { store.remove(req.params.id); res.end() }) // BAD
app.put('/api/users/:id', (req, res) => { store.update(req.params.id, req.body.name); res.end() }) // BAD
app.post('/api/search', (req, res) => res.json(store.find(req.body.text)))
`,
  },
  'Express: what stands before a router, in another file, through a chain of calls': {
    'server.js': `import express from 'express'
import { tasks } from './tasks.js'
import { open } from './open.js'
const app = express()
function signedIn(req, res, next) {
  if (req.isAuthenticated()) return next()
  res.redirect('/login')
}
app.use('/open', open)
app.use('/tasks', signedIn, tasks)
`,
    'tasks.js': `import { Router } from 'express'
import * as store from './store.js'
export const tasks = Router()
tasks.route('/').get((req, res) => res.json(store.all())).post((req, res) => { store.add(req.body.text); res.end() })
tasks.route('/:id').delete((req, res) => { store.remove(req.params.id); res.end() })
`,
    'open.js': `import { Router } from 'express'
import * as store from './store.js'
export const open = Router()
open.delete('/drafts/:id', (req, res) => { store.remove(req.params.id); res.end() })
`,
  },
  'Express: what the app keeps with the request tells who it is': {
    'server.js': `import express from 'express'
import * as store from './store.js'
const app = express()
app.use((request, response, next) => {
  request.customer = store.customerOf(request.cookies.session)
  next()
})
const signedIn = (request, response, next) => {
  if (request.customer === undefined) response.status(401).end()
  else next()
}
app.get('/orders', signedIn, (request, response) => response.json(store.orders(request.customer.id)))
app.put('/orders/:id', signedIn, (request, response) => {
  store.update(request.params.id, request.customer.id)
  response.end()
})
app.delete('/orders/:id', (request, response) => { store.remove(request.params.id); response.end() }) // BAD
`,
  },
  'Fastify: hooks of a plugin and of a route': {
    'server.js': `import Fastify from 'fastify'
import items from './items.js'
const app = Fastify()
app.decorate('authenticate', async (request) => { await request.jwtVerify() })
app.register(items, { prefix: '/items' })
app.get('/notes', { preHandler: app.authenticate }, async (request) => app.db.find(request.user.id))
app.route({ method: 'PUT', url: '/notes/:id', onRequest: [app.authenticate], handler: async (request) => app.db.update(request.params.id, { owner: request.user.id }) })
app.delete('/notes/:id', async (request) => app.db.remove(request.params.id)) // BAD
`,
    'items.js': `export default async function (fastify) {
  fastify.addHook('preHandler', fastify.authenticate)
  fastify.delete('/:id', async (request) => fastify.db.remove(request.params.id))
}
`,
  },
  'Koa: a check that throws': {
    'app.js': `const Koa = require('koa')
const Router = require('@koa/router')
const store = require('./store')
const app = new Koa()
const router = new Router()
const signedIn = async (ctx, next) => {
  if (!ctx.session.user) ctx.throw(401)
  await next()
}
router.post('/notes', signedIn, async (ctx) => { ctx.body = store.add(ctx.session.user, ctx.request.body.text) })
router.get('/notes', signedIn, async (ctx) => { ctx.body = store.notes(ctx.session.user) })
router.del('/notes/:id', async (ctx) => { store.remove(ctx.params.id) }) // BAD
app.use(router.routes())
`,
  },
  'Next: wrappers, helpers that throw, and records of others': {
    'lib/session.ts': `import { getServerSession } from 'next-auth'
export async function requireSession() {
  const session = await getServerSession()
  if (!session) throw new Error('not signed in')
  return session
}
export function withUser(handler) {
  return async (request, context) => {
    const session = await getServerSession()
    if (!session) return new Response(null, { status: 401 })
    return handler(request, context, session.user)
  }
}
`,
    'app/api/posts/route.ts': `import { requireSession } from '@/lib/session'
import { prisma } from '@/lib/prisma'
export async function POST(request) {
  const session = await requireSession()
  const { title } = await request.json()
  return Response.json(await prisma.post.create({ data: { title, authorId: session.user.id } }))
}
`,
    'app/api/posts/[id]/route.ts': `import { requireSession, withUser } from '@/lib/session'
import { prisma } from '@/lib/prisma'
export const PATCH = withUser(async (request, { params }, user) => {
  await prisma.post.update({ where: { id: params.id, authorId: user.id }, data: { title: 'new' } })
  return Response.json({})
})
export async function DELETE(request, { params }) { // BAD
  await prisma.post.delete({ where: { id: params.id } })
  return Response.json({})
}
export async function PUT(request, { params }) {
  await requireSession()
  await prisma.post.update({ where: { id: params.id }, data: { title: 'new' } }) // BAD
  return Response.json({})
}
`,
  },
})
