import { extname } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { NotFound } from '#platform/errors'
import { type Asset, loadAssets, sendAsset } from './assets.ts'

/**
 * Serves the built web app from memory (a few hundred KB): only names that exist in the folder are ever answered.
 * Other paths get the page itself, which knows its own routes.
 * @param root the folder Vite wrote
 */
export function serveWeb(server: FastifyInstance, root: string): void {
  let loading: Promise<ReadonlyMap<string, Asset>> | undefined

  server.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    async handler(request, reply) {
      loading ??= loadAssets(root)
      const assets = await loading
      const [pathname = '/'] = request.url.split('?', 1)
      if (pathname.startsWith('/api/'))
        throw new NotFound(`There is nothing at ${pathname}.`, { next: 'See /api/docs.' })
      const asset = assets.get(pathname) ?? (extname(pathname) === '' ? assets.get('/index.html') : undefined)
      if (asset !== undefined) return sendAsset(asset, request, reply)
      throw assets.size === 0
        ? new NotFound('The web app is not built.', { next: 'Run: npm start' })
        : new NotFound(`There is no file ${pathname}.`)
    },
  })
}
