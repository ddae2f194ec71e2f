import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The browser app: `vite build web` writes web/dist; `vite web` proxies the API to a running `assay serve`. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The first versions with light-dark(), which carries both colour schemes.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // Everything as files: a strict Content-Security-Policy refuses data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        manualChunks: (id) => (/node_modules\/(react|react-dom|scheduler)\//.test(id) ? 'react' : undefined),
      },
    },
  },
  worker: { format: 'es' },
  server: {
    port: Number(process.env['WEB_PORT'] ?? 5173),
    proxy: {
      '/api': { target: process.env['ASSAY_SERVER'] ?? 'http://127.0.0.1:7420', changeOrigin: true, ws: true },
    },
  },
})
