/** One endpoint of a file, made complete. */
import { dirname } from 'node:path'
import { Secret } from '../lib/secret.ts'
import { addressOf, headerMistake, isAbsolute } from './address.ts'
import { proofOf } from './auth.ts'
import { capabilityOf } from './capability.ts'
import type { Endpoint } from './config.ts'
import { expectationsOf } from './expectations.ts'
import type { Endpoint as EndpointInFile, Network } from './payer-schema.ts'
import type { Merged, PayerInput } from './payers.ts'
import { foundAt, type Place, type Problem, valueAt, whoseAt } from './problem.ts'
import { settingsOf } from './settings.ts'
import { shownAddress, writtenText } from './shown.ts'
import type { Complaint, Defaults } from './timing.ts'
import { type TlsMaker, tlsRemarks } from './tls.ts'
import type { Path } from './yaml.ts'

/** What all payers have in common. */
export type Shared = {
  defaults: Defaults
  /** Where a setting of the main file was said: there, or outside of it. */
  placeOf(path: Path): Place
  tls: TlsMaker
}

/** Where what is wrong, and what is only worth saying, is collected. */
export type Notes = { problems: Problem[]; warnings: Problem[] }

/** An endpoint without its id. */
export type Draft = {
  name: string | undefined
  endpoint: Omit<Endpoint, 'id'>
  /** What tells it from others of its type, the first being what may be shown. */
  identities: readonly string[]
  place: Place
  lenient: boolean
}

export type Around = Shared & { merged: Merged; notes: Notes }

/** One endpoint with all that is around it. */
type Context = { own: EndpointInFile; input: PayerInput; i: number; place: Place; around: Around }

/** Makes endpoint number `i` of `input` complete; nothing comes of one that is switched off or wrong. */
export function draftOf(input: PayerInput, i: number, around: Around): Draft | undefined {
  const own = input.payer.endpoints[i]
  if (own === undefined || !own.enabled) return undefined
  const place = { source: input.source, path: [...input.path, 'endpoints', i] }
  const context: Context = { own, input, i, place, around }
  const { merged, defaults } = around
  const network = own.network ?? merged.network ?? defaults.network ?? 'public'
  const placed = { network, lenient: input.lenient, timeZone: merged.timeZone }
  const { settings, complaints } = settingsOf(own, defaults, placed)
  for (const complaint of complaints) complain(complaint, context)
  const asked = askedAddress(context)
  const headers = sendableHeaders(context)
  const proof = proofFor(context, { headers, network })
  if (asked === undefined) return undefined
  if (network === 'public' && asked.shownUrl.startsWith('http:'))
    warn(context, 'is asked without encryption (http)')
  for (const remark of tlsRemarks(own.tls, asked.shownUrl)) warn(context, remark)
  const endpoint: Omit<Endpoint, 'id'> = {
    payer: merged.entry.payer,
    payerName: merged.entry.name,
    type: own.type,
    capability: capabilityOf(own.type),
    kind: own.kind,
    via: own.via,
    network,
    ...asked,
    method: own.method,
    ...proof,
    ...tlsFor(context, ['tls']),
    ...http2For(context, asked.shownUrl, network),
    ...(own.log_exchanges && { logExchanges: true }),
    headers: [...headers, ...proof.headers],
    ...(own.body === undefined ? {} : { body: own.body }),
    expect: expectOf(context),
    ...settings,
  }
  const identities = identitiesOf(endpoint)
  return { name: own.name, endpoint, identities, place, lenient: input.lenient }
}

function warn({ input, place, around }: Context, message: string): void {
  around.notes.warnings.push({ ...place, whose: whoseAt(input.source, place.path), message })
}

function complain({ key, isOwn, expected }: Complaint, context: Context): void {
  const { input, place, around } = context
  const ownKey = input.lenient && key === 'interval' ? 'schedule' : key
  const where = isOwn
    ? { ...place, path: [...place.path, ownKey] }
    : around.placeOf(['defaults', key])
  const got = MAPPINGS.has(key) ? '' : `, got ${foundAt(where)}`
  if (isOwn && input.lenient)
    around.notes.warnings.push({ ...where, message: `expected ${expected}${got}; raised to that` })
  else around.notes.problems.push({ ...where, message: `expected ${expected}${got}` })
}

/** What is wrong with these is not seen in what they are. */
const MAPPINGS: ReadonlySet<Complaint['key']> = new Set([
  'judge',
  'backoff',
  'quiet_hours',
  'retry',
])

type Asked = Pick<Endpoint, 'url' | 'shownUrl' | 'host' | 'notProbeable'>

function askedAddress(context: Context): Asked | undefined {
  const { own, input, i, place, around } = context
  const text = own.url?.reveal() ?? ''
  const blocked = input.blocked.get(i)
  const address = addressOf(text, around.merged.baseUrl)
  if (blocked === undefined && 'url' in address) {
    const { url } = address
    const isOriginal = input.lenient
    const written = { raw: addressIn(context), base: around.merged.baseRaw, isOriginal }
    return { url: new Secret(url.href), shownUrl: shownAddress(url, written), host: url.host }
  }
  const expected = 'expected' in address ? address.expected : ''
  if (input.lenient) {
    const isRelative = !isAbsolute(text) && around.merged.baseUrl === undefined
    const reason = blocked ?? (isRelative ? RELATIVE : `its address is not ${expected}`)
    warn(context, `cannot be probed: ${reason}`)
    return { url: new Secret(text), shownUrl: '', host: '', notProbeable: reason }
  }
  const where = { ...place, path: [...place.path, 'url'] }
  around.notes.problems.push({ ...where, message: `expected ${expected}, got ${foundAt(where)}` })
  return undefined
}

/** The address as the file writes it. */
function addressIn({ input, place }: Context): unknown {
  const said = (key: string) => valueAt(input.source.value, [...place.path, key])
  return said('url') ?? said('path')
}

const RELATIVE = 'its address is relative and the payer has no base_url'

function sendableHeaders(context: Context): Endpoint['headers'] {
  const { own, input, place, around } = context
  return own.headers.filter(([name, value]) => {
    const mistake = headerMistake(name, value.reveal())
    if (mistake === undefined) return true
    if (input.lenient) warn(context, `one of its headers is left out: expected ${mistake}`)
    else
      around.notes.problems.push({
        ...place,
        path: [...place.path, 'headers', name],
        message: `expected ${mistake}, got text`,
      })
    return false
  })
}

function proofFor(
  context: Context,
  asked: { headers: Endpoint['headers']; network: Network },
): Pick<Endpoint, 'headers' | 'oauth2'> {
  const { own, input, place, around } = context
  const proof = proofOf(own.auth, asked)
  if ('headers' in proof) {
    const { headers, oauth2 } = proof
    if (oauth2 === undefined) return { headers }
    return { headers, oauth2: { ...oauth2, ...tlsFor(context, ['auth', 'oauth2', 'tls']) } }
  }
  const { path, expected } = proof
  const where = { ...place, path: [...place.path, 'auth', ...path] }
  if (input.lenient) warn(context, `its authentication is left out: expected ${expected}`)
  else
    around.notes.problems.push({ ...where, message: `expected ${expected}, got ${foundAt(where)}` })
  return { headers: [] }
}

/** The transport security of the endpoint or, below `path`, of its token server. */
function tlsFor({ own, place, around, input }: Context, path: Path): Pick<Endpoint, 'tls'> {
  const said = path.length === 1 ? own.tls : own.auth?.oauth2?.tls
  const outcome = around.tls.of(said, dirname(input.source.path))
  if (!('mistakes' in outcome)) return outcome
  for (const { key, own: isOwn, message } of outcome.mistakes) {
    const where = isOwn
      ? { ...place, path: [...place.path, ...path, key] }
      : around.placeOf(['defaults', 'tls', key])
    around.notes.problems.push({ ...where, message: `${message}, got ${foundAt(where)}` })
  }
  return {}
}

/** Over plain connections nothing tells whether the far side speaks it, so that one must know. */
function http2For(
  { own, place, around }: Context,
  shownUrl: string,
  network: Network,
): Pick<Endpoint, 'http2'> {
  if (!own.http2) return {}
  if (network === 'private' || !shownUrl.startsWith('http:')) return { http2: true }
  const where = { ...place, path: [...place.path, 'http2'] }
  const message = 'expected an https address on a public network, got an http one'
  around.notes.problems.push({ ...where, message })
  return {}
}

function expectOf({ own, input, place }: Context): Endpoint['expect'] {
  return expectationsOf(own.expect, (path) =>
    writtenText(valueAt(input.source.value, [...place.path, 'expect', ...path]), input.lenient),
  )
}

function identitiesOf({ url, shownUrl, method, body }: Omit<Endpoint, 'id'>): string[] {
  const address = url.reveal()
  return [shownUrl || address, address, `${method} ${address} ${body?.reveal() ?? ''}`]
}
