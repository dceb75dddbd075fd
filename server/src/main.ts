import { enableCompileCache } from 'node:module'

// Names are resolved in libuv's threads: with four of them a few dead names would keep all others waiting.
process.env.UV_THREADPOOL_SIZE ??= '32'
// The next start need not compile again, nor need its threads: they are told by the variable alone.
const { directory } = enableCompileCache()
if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error // whoever read our output has seen enough, as `head` has
  })
const { runCommand } = await import('./cli/program.ts')
const { processIo } = await import('./cli/process-io.ts')
process.exitCode = await runCommand(process.argv.slice(2), processIo())
