import { SaxesParser } from 'saxes'

/** Deepest nesting that is read. */
const MAX_DEPTH = 64
/** Longest document that is read, characters. */
const MAX_LENGTH = 1024 * 1024

/**
 * The texts of the elements at each path of local names from the root, such as `Envelope/Body`, in document order and
 * without white space around them. Undefined where `document` is no well-formed XML, has a DTD or an entity that XML
 * does not know of itself, or is deeper than 64 elements or longer than 1 MiB.
 */
export function textsAt(
  document: string,
  paths: readonly string[],
): ReadonlyMap<string, readonly string[]> | undefined {
  if (document.length > MAX_LENGTH) return undefined
  const reader = new Reader(paths)
  try {
    new Parsing(reader).read(document)
    return reader.found
  } catch {
    return undefined // whatever is wrong with it, it is not what was expected
  }
}

/** Thrown and caught in this file alone. */
class NotReadable extends Error {}

class Parsing {
  readonly #parser = new SaxesParser({ position: false })

  constructor(reader: Reader) {
    const refuse = (): never => {
      throw new NotReadable()
    }
    this.#parser.on('error', refuse)
    this.#parser.on('doctype', refuse)
    this.#parser.on('opentagstart', ({ name }) => reader.open(name))
    this.#parser.on('closetag', () => reader.close())
    this.#parser.on('text', (text) => reader.text(text))
    this.#parser.on('cdata', (text) => reader.text(text))
  }

  read(document: string): void {
    this.#parser.write(document).close()
  }
}

/** Follows the elements that are open, and keeps the texts of those that are looked for. */
class Reader {
  readonly found: Map<string, string[]>
  readonly #path: string[] = []
  /** The texts so far of open elements that are looked for, by depth. */
  readonly #texts = new Map<number, string[]>()

  constructor(paths: readonly string[]) {
    this.found = new Map(paths.map((path) => [path, []]))
  }

  open(name: string): void {
    if (this.#path.length === MAX_DEPTH) throw new NotReadable()
    this.#path.push(name.slice(name.indexOf(':') + 1))
    if (this.found.has(this.#path.join('/'))) this.#texts.set(this.#path.length, [])
  }

  text(text: string): void {
    for (const parts of this.#texts.values()) parts.push(text)
  }

  close(): void {
    const parts = this.#texts.get(this.#path.length)
    this.#texts.delete(this.#path.length)
    if (parts !== undefined) this.found.get(this.#path.join('/'))?.push(parts.join('').trim())
    this.#path.pop()
  }
}
