/** The board's files; the only file that knows `@fastify/static`. */
import fastifyStatic from '@fastify/static'
import type { Listener } from './listener.ts'

/** Bundled files carry a hash of their content in their name, as `app-5H3K2JQX.js`. */
const HASHED = /-[A-Z0-9]{8,}\.[a-z0-9.]+$/

const UNBUILT = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Payer Status Monitor</title></head>
<body><h1>Payer Status Monitor</h1><p>The board is not built yet: <code>npm run build</code> does it.</p>
<p><a href="/docs">API</a> <a href="/status">Status as JSON</a></p></body></html>
`

/** `GET /` and every file of the board. */
export async function boardRoutes(app: Listener, directory: string | undefined): Promise<void> {
  if (directory === undefined) {
    app.get('/', { schema: { hide: true } }, (_request, reply) =>
      reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(UNBUILT),
    )
    return
  }
  await app.register(fastifyStatic, {
    root: directory,
    dotfiles: 'ignore',
    redirect: false,
    cacheControl: false,
    schemaHide: true,
    setHeaders(reply, path) {
      const forever = 'public, max-age=31536000, immutable'
      reply.header('cache-control', HASHED.test(path) ? forever : 'no-cache')
    },
  })
}
