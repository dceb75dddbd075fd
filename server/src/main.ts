import { enableCompileCache } from 'node:module'

enableCompileCache() // the second start is twice as fast
const { serve } = await import('./cli/serve.ts')
process.exitCode = await serve(process.argv.slice(2))
