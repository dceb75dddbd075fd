import { enableCompileCache } from 'node:module'

// Names are resolved in libuv's threads: with four of them a few dead names would keep all others waiting.
process.env.UV_THREADPOOL_SIZE ??= '32'
enableCompileCache() // the next start need not compile again
const { serve } = await import('./cli/serve.ts')
process.exitCode = await serve(process.argv.slice(2))
