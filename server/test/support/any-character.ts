import * as fc from 'fast-check'

const SURROGATES = { from: 0xd800, count: 0x800 }

/** Any code point: fast-check's unit `binary`, without the table of all 1.1 million that it makes in each process. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat({ max: 0x10ffff - SURROGATES.count })
  .map((n) => String.fromCodePoint(n < SURROGATES.from ? n : n + SURROGATES.count))
