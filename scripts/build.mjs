/** `npm run build`: plain JavaScript and type declarations into each package's `dist/`, for production and publishing. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'

const packages = ['protocol', 'client', 'simulator', 'server']

for (const name of packages) rmSync(`${name}/dist`, { recursive: true, force: true })
for (const name of packages) {
  console.log(`building ${name}`)
  const { status } = spawnSync('tsc', ['-p', `${name}/tsconfig.build.json`], { stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}
