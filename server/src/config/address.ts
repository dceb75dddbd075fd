/** Which addresses and headers a probe may use. */

/** Longest address, characters. */
const MAX_LENGTH = 8_192

/** An address that can be asked, or what is expected instead. */
export type Address = { url: URL } | { expected: string }

/** The address of an endpoint: absolute, or below the payer's base, which counts as a directory. */
export function addressOf(text: string, base: string | undefined): Address {
  if (text.length > MAX_LENGTH)
    return { expected: `an address of at most ${MAX_LENGTH} characters` }
  if (/[\s\p{Cc}\\]/u.test(text))
    return { expected: 'an address without spaces or control characters' }
  if (isAbsolute(text)) return absolute(text)
  if (base === undefined)
    return {
      expected:
        'an absolute address such as "https://payer.example/login", or a payer with a base_url',
    }
  const root = absolute(base)
  if ('expected' in root) return { expected: `a payer whose base_url is ${root.expected}` }
  if (!root.url.pathname.endsWith('/')) root.url.pathname += '/'
  root.url.search = ''
  const url = URL.parse(text, root.url.href)
  if (url === null || url.origin !== root.url.origin)
    return { expected: 'an address on the host of the payer’s base_url' }
  return checked(url)
}

/** Whether an address names its scheme and host. */
export function isAbsolute(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
}

function absolute(text: string): Address {
  const url = URL.parse(text)
  return url === null
    ? { expected: 'an address such as "https://payer.example/login"' }
    : checked(url)
}

function checked(url: URL): Address {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { expected: 'an address that begins with "https://" or "http://"' }
  if (url.username !== '' || url.password !== '')
    return { expected: 'an address without user name and password; send them as a header' }
  if (url.hash !== '') return { expected: 'an address without a fragment (#)' }
  return { url }
}

/** Headers that say how a message is framed; the prober sets them itself. */
const FRAMING = new Set([
  'connection',
  'content-length',
  'expect',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** What is expected of a header instead; undefined where it may be sent. */
export function headerMistake(name: string, value: string): string | undefined {
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/.test(name)) return 'a header name'
  if (FRAMING.has(name.toLowerCase())) return 'no header that frames the message'
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) return 'one line of printable text'
  return value.length > MAX_LENGTH ? `at most ${MAX_LENGTH} characters` : undefined
}

/** Headers that tell nothing secret, and so may travel to another origin. Every other configured one is a credential. */
const HARMLESS = new Set([
  'accept',
  'accept-language',
  'cache-control',
  'content-language',
  'content-type',
  'dnt',
  'pragma',
  'user-agent',
])

/** Whether a configured header may travel to another origin. */
export function isHarmlessHeader(name: string): boolean {
  return HARMLESS.has(name.toLowerCase())
}

/** Whether a configured header is taken as a credential. The host is none, though it does not travel. */
export function isCredentialHeader(name: string): boolean {
  return !isHarmlessHeader(name) && name.toLowerCase() !== 'host'
}
