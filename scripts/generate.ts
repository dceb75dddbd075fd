/** `npm run generate`: writes what follows from the schemas. With `--check` it writes nothing and fails on a difference. */
import { readFile, writeFile } from 'node:fs/promises'
import { configMarkdown, configSchemaJson } from '../server/src/config/docs.ts'

const files: Record<string, string> = {
  'payer-status.schema.json': configSchemaJson(),
  'docs/configuration.md': configMarkdown(),
}

const isCheck = process.argv.includes('--check')
for (const [file, text] of Object.entries(files)) {
  const current = await readFile(file, 'utf8').catch(() => undefined)
  if (current === text) continue
  if (isCheck) {
    console.error(`${file} is stale; run \`npm run generate\``)
    process.exitCode = 1
  } else {
    await writeFile(file, text)
    console.log(`wrote ${file}`)
  }
}
