/** What people send: notes, announcements, pauses. Texts are bounded here, and looked through for identifiers after that. */
import { Advice } from '@payer-status/protocol'
import * as z from 'zod'

/** Most characters of a note or an announcement. */
export const MAX_TEXT = 500

const Text = z
  .string(`expected text of 1 to ${MAX_TEXT} characters`)
  .trim()
  .min(1, `expected text of 1 to ${MAX_TEXT} characters`)
  .max(MAX_TEXT, `expected text of 1 to ${MAX_TEXT} characters`)
  .regex(/^(?:[\n\t]|[^\p{Cc}\p{Cs}])*$/u, 'expected text without control characters')

const Until = z.iso
  .datetime({ offset: true, error: 'expected a time such as 2026-11-23T12:00:00Z' })
  .meta({ description: 'When it ends by itself; at most a year from now' })

const names = (what: string) =>
  z.array(z.string().min(1).max(200), `expected a list of ${what}`).max(100, `at most 100 ${what}`)

/** A note on an incident. */
export const NoteBody = z.strictObject({ text: Text })

/** An incident that a person announces. */
export const AnnouncementBody = z.strictObject({
  payers: names('payers')
    .min(1, 'at least one payer')
    .meta({ description: 'Ids, names, aliases or identifiers' }),
  types: names('types')
    .default([])
    .meta({ description: 'Types that are affected; none means all' }),
  severity: z.enum(['minor', 'major', 'critical'], 'expected minor, major or critical'),
  text: Text,
  advice: Advice.default({ action: 'proceed' }),
})

/** A pause, with or without an end. */
export const PauseBody = z.strictObject({ until: Until.nullish() }).nullish()

/** A silence, which always ends; null ends it now. */
export const SilenceBody = z.strictObject({ until: Until.nullable() })
