export { processIo } from './cli/process-io.ts'
export { runCommand } from './cli/program.ts'
