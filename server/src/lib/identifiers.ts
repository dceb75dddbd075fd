/**
 * What looks like an identifier of a person in a text that people write. It is looked for, and never taken out: who wrote
 * the text writes it anew. Sources: 45 CFR 164.514(b)(2); CMS, Medicare Beneficiary Identifier format; ISO/IEC 7812 (Luhn).
 */
import { plainText } from './plain-text.ts'

/** A rule, and where it was met: characters of the text from `from` to `to`, counted from 1, both included. */
export type Found = { rule: Rule; from: number; to: number }

const RULES = {
  email: 'an e-mail address',
  social_security_number: 'a social security number',
  medicare_id: 'a Medicare beneficiary identifier',
  date_of_birth: 'a date of birth',
  phone: 'a phone number',
  card: 'a card number',
  npi: 'a national provider identifier',
  member_id: 'a member, claim or account number',
} as const

export type Rule = keyof typeof RULES

/** What a rule looks for, in words that follow "looks like". */
export function wordsOf(rule: Rule): string {
  return RULES[rule]
}

/** Most findings that are told. */
const MAX_FOUND = 8
/** Before what is looked for and after it there is no letter or digit. */
const alone = (pattern: string) => new RegExp(`(?<![A-Z0-9])(?:${pattern})(?![A-Z0-9])`, 'gi')

/** Ours, and those of other machines: incidents, windows, requests. They say nothing of a person. */
const HARMLESS: readonly Look[] = [
  /(?<![A-Z0-9])(?:inc|mw)_[0-9A-HJKMNP-TV-Z]{26}(?![A-Z0-9])/gi,
  alone('[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'),
].map((pattern) => ({ pattern, means: () => 'harmless' as const }))
/** Tickets of the usual service desks. */
const TICKET = /^(?:INC|CHG|PRB|REQ|RITM|TASK|CASE|TKT|SR|WO|CRQ|PBI)-?0*\d{1,9}$/i

const MONTH = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec'
const DATES = [
  alone('(?<year>\\d{4})[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\\d|3[01])(?:T[\\d:.]+Z?)?'),
  alone('(?:0?[1-9]|[12]\\d|3[01])([-/])(?:0?[1-9]|[12]\\d|3[01])\\1(?<year>\\d{4}|\\d{2})'),
  alone('(?:0?[1-9]|[12]\\d|3[01])\\.(?:0?[1-9]|[12]\\d|3[01])\\.(?<year>\\d{4})'),
  alone('(?<year>19\\d\\d|20\\d\\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])'),
  alone(`(?:${MONTH})[a-z]*\\.? {0,2}\\d{1,2}(?:st|nd|rd|th)?,? {1,2}(?<year>\\d{4})`),
  alone(`\\d{1,2}(?:st|nd|rd|th)?[- ](?:of )?(?:${MONTH})[a-z]*\\.?,?[- ](?<year>\\d{4}|\\d{2})`),
]
/** A date after such a word is one of birth, whatever its year. */
const BIRTH =
  /(?:\bd\.?o\.?b\b|\bborn\b|\bbirth(?:day|date)?\b)[^a-z0-9]{0,3}(?:(?:on|date|is|was)[^a-z0-9]{1,3}){0,2}$/i

/** What a match of the pattern means; undefined when it is none. */
type Look = {
  pattern: RegExp
  means: (match: RegExpExecArray) => Rule | 'harmless' | undefined
}

const always = (rule: Rule) => () => rule
const where = (rule: Rule, isOne: (text: string) => boolean) => {
  return ([text]: RegExpExecArray) => (isOne(text) ? rule : undefined)
}

/** In the order of how sure they are: the first that fits names what was found. */
const LOOKS: readonly Look[] = [
  {
    pattern: /[^\s@<>()[\]:;,"/]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi,
    means: always('email'),
  },
  { pattern: alone('\\d{3}([- ])\\d{2}\\1\\d{4}'), means: always('social_security_number') },
  {
    pattern: alone(
      '[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\\d[- ]?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\\d[- ]?[AC-HJKMNP-RT-Y]{2}\\d{2}',
    ),
    means: always('medicare_id'),
  },
  { pattern: alone('\\d(?:[- ]?\\d){12,18}'), means: where('card', isCard) },
  { pattern: alone('[12]\\d{9}'), means: where('npi', (text) => passesLuhn(`80840${text}`)) },
  {
    pattern: /(?<![A-Z0-9])(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![A-Z0-9])/gi,
    means: always('phone'),
  },
  { pattern: /\+\d(?:[-. ()]{0,2}\d){8,14}(?![A-Z0-9])/gi, means: always('phone') },
  {
    pattern:
      /(?<![A-Z0-9])(?:member|subscriber|patient|policy|medicaid|medicare|beneficiary|account|acct|claim|authori[sz]ation|auth|mrn|ssn|mbi|npi)s?(?: ?(?:id|ids|no|nr|num|number))?\.?(?: ?[:=#] ?#?| is | )(?=[A-Z-]{0,6}\d)[A-Z0-9-]{6,24}(?![A-Z0-9])/gi,
    means: where(
      'member_id',
      (text) => (/[A-Z0-9-]+$/i.exec(text)?.[0].match(/\d/g)?.length ?? 0) >= 5,
    ),
  },
  {
    pattern: alone('[A-Z]{0,5}-?\\d{8,20}(?:[A-Z]{1,2}\\d{0,2})?'),
    means: where('member_id', isLong),
  },
]

/** What looks like an identifier in a text; `now`, epoch ms, tells dates of now from those of birth. */
export function identifiersIn(text: string, now: number): Found[] {
  const { plain, placeOf } = plainText(text)
  const found: Found[] = []
  let rest = plain
  for (const { pattern, means } of [...HARMLESS, ...datesAsOf(now), ...LOOKS])
    for (const match of rest.matchAll(pattern)) {
      const rule = means(match)
      if (rule === undefined) continue
      const end = match.index + match[0].length
      rest = rest.slice(0, match.index) + '\n'.repeat(match[0].length) + rest.slice(end)
      if (rule !== 'harmless')
        found.push({ rule, from: placeOf(match.index), to: placeOf(end - 1) })
    }
  return found.sort((a, b) => a.from - b.from).slice(0, MAX_FOUND)
}

function datesAsOf(now: number): Look[] {
  const thisYear = new Date(now).getUTCFullYear()
  const means = (match: RegExpExecArray) =>
    isOfBirth(match, thisYear) ? 'date_of_birth' : 'harmless'
  return DATES.map((pattern) => ({ pattern, means }))
}

/** A full date is one of birth where that is said, or where it lies further back than an outage is spoken of. */
function isOfBirth({ input, index, groups }: RegExpExecArray, thisYear: number): boolean {
  if (BIRTH.test(input.slice(0, index))) return true
  const written = Number(groups?.year)
  if (written > 99) return written < thisYear - 1
  const isLastCentury = 2_000 + written > thisYear + 1
  return isLastCentury || 2_000 + written < thisYear - 1
}

function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  return digits.length >= 13 && passesLuhn(digits)
}

/** Nine digits and more, or letters and eight: as members, claims and accounts are numbered. */
function isLong(text: string): boolean {
  const digits = text.replace(/\D/g, '').length
  return !TICKET.test(text) && (digits >= 9 || /[A-Z]/i.test(text))
}

/** ISO/IEC 7812-1 annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 1 : 2)
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 === 0
}
