/** What is not seen, and would part the digits of a number. */
const UNSEEN = /\p{Cf}|\p{Mn}/u
const DASH = /\p{Pd}|\u2212/u
const SPACE = /\p{Zs}|\s/u
const DIGIT = /\p{Nd}/u

/**
 * A text as patterns can read it: digits, dashes and spaces of every script in one spelling, nothing unseen between them.
 * `placeOf` gives the character of the original that one of the result came from, counted from 1.
 */
export function plainText(text: string): { plain: string; placeOf: (index: number) => number } {
  let plain = ''
  const places: number[] = []
  let place = 0
  for (const character of text) {
    place++
    for (const one of plainOf(character)) {
      plain += one
      for (let i = 0; i < one.length; i++) places.push(place)
    }
  }
  return { plain, placeOf: (index) => places[index] ?? place }
}

function plainOf(character: string): string {
  if (character < '\u007f') return character
  if (UNSEEN.test(character)) return ''
  if (DASH.test(character)) return '-'
  if (SPACE.test(character)) return ' '
  const usual = character.normalize('NFKC')
  return usual === character && DIGIT.test(character) ? String(decimalOf(character)) : usual
}

/** Decimal digits of a script stand in a row of ten, the zero first. Source: Unicode Standard, section 4.6. */
function decimalOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0
  let zero = code
  while (code - zero < 9 && DIGIT.test(String.fromCodePoint(zero - 1))) zero--
  return (code - zero) % 10
}
