/**
 * X12 interchanges, read and written as far as a real-time gateway needs it.
 * Everything in them is synthetic. Of a request nothing comes back but its control numbers.
 */

/** What a gateway looks at in a request. */
export type X12Request = {
  receiver: string
  /** Control numbers of the interchange, group and transaction: digits only. */
  interchange: string
  group: string
  transaction: string
  /** Functional identifier of the group: `HS` for a 270, `HR` for a 276. */
  functional: string
  version: string
  set: string
}

/** An ISA segment has exactly 106 characters; three of them are the delimiters. Source: X12 interchange control. */
const ISA_LENGTH = 106

/** The interchange in `text`, or undefined when it is none. */
export function readX12(text: string): X12Request | undefined {
  if (!text.startsWith('ISA') || text.length < ISA_LENGTH) return undefined
  const element = text.charAt(3)
  const terminator = text.charAt(ISA_LENGTH - 1)
  const segments = text.split(terminator).map((segment) => segment.trim().split(element))
  const isa = segments[0] ?? []
  if (isa.length !== 17) return undefined
  const gs = segments.find(([tag]) => tag === 'GS') ?? []
  const st = segments.find(([tag]) => tag === 'ST') ?? []
  return {
    receiver: (isa[8] ?? '').trim(),
    interchange: digits(isa[13], '000000001'),
    group: digits(gs[6], '1'),
    transaction: digits(st[2], '0001'),
    functional: letters(gs[1]),
    version: letters(gs[8]),
    set: digits(st[1], ''),
  }
}

function digits(text: string | undefined, otherwise: string): string {
  return text !== undefined && /^\d{1,9}$/.test(text) ? text : otherwise
}

function letters(text: string | undefined): string {
  return text !== undefined && /^[0-9A-Z]{1,12}$/.test(text) ? text : ''
}

/** Who writes to whom, about what, and when. */
export type Envelope = {
  sender: string
  receiver: string
  functional: string
  version: string
  /** Epoch ms. */
  at: number
}

/** A whole interchange with one transaction, whose ST, SE and envelope are added. */
export function writeX12(envelope: Envelope, set: string, body: readonly string[]): string {
  const { date, time } = stamp(envelope.at)
  const { functional, sender, receiver, version } = envelope
  return [
    isa(envelope),
    `GS*${functional}*${sender}*${receiver}*${date}*${time}*1*X*${version}`,
    `ST*${set}*0001*${version}`,
    ...body,
    `SE*${body.length + 2}*0001`,
    'GE*1*1',
    'IEA*1*000000001',
    '',
  ].join('~\n')
}

/** An interchange that says only whether another one was accepted; `note` is the TA1 code. */
export function writeTa1(envelope: Envelope, interchange: string, note: string): string {
  const { date, time } = stamp(envelope.at)
  const accepted = note === '000' ? 'A' : 'R'
  const ta1 = `TA1*${interchange}*${date.slice(2)}*${time}*${accepted}*${note}`
  return [isa(envelope), ta1, 'IEA*0*000000001', ''].join('~\n')
}

function isa({ sender, receiver, at }: Envelope): string {
  const { date, time } = stamp(at)
  const parties = `ZZ*${sender.padEnd(15)}*ZZ*${receiver.padEnd(15)}`
  const blank = `00*${' '.repeat(10)}`
  return `ISA*${blank}*${blank}*${parties}*${date.slice(2)}*${time}*^*00501*000000001*0*P*:`
}

/** Date and time as X12 writes them, UTC. */
export function stamp(at: number): { date: string; time: string } {
  const text = new Date(at).toISOString().replace(/[^0-9]/g, '')
  return { date: text.slice(0, 8), time: text.slice(8, 12) }
}
