/** The command line of load.mjs: that of load.c. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** Reads the command line. */
export function readOptions() {
  const text = { type: 'string' }
  const many = { type: 'string', multiple: true, default: [] }
  const { values } = parseArgs({
    options: {
      mode: { ...text, default: 'ws' },
      connections: { ...text, default: '1000' },
      port: { ...text, default: '8080' },
      path: { ...text, default: '/ws' },
      protocol: text,
      first: many,
      'first-file': text,
      sources: { ...text, default: '8' },
      'at-once': { ...text, default: '200' },
      poll: text,
      marker: text,
      stamp: { ...text, default: 'none' },
      when: many,
      answer: many,
    },
  })
  const isTcp = values.mode === 'tcp'
  const lines = values['first-file'] ? readFileSync(values['first-file'], 'utf8').split('\n') : []
  const spoken = (said) => (isTcp ? unescaped(said) : said)
  return {
    ...values,
    isTcp,
    connections: Number(values.connections),
    port: Number(values.port),
    sources: Number(values.sources),
    atOnce: Number(values['at-once']),
    first: [...values.first, ...lines.filter(Boolean)].map(spoken),
    answers: values.when.map((when, i) => [spoken(when), spoken(values.answer[i] ?? '')]),
  }
}

/** Replaces \r, \n, \\ and \xHH by what they mean. */
function unescaped(text) {
  const meaning = { r: '\r', n: '\n' }
  return text.replace(/\\(?:x([0-9a-f]{2})|(.))/gi, (_, hex, letter) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (meaning[letter] ?? letter),
  )
}
