import * as z from 'zod'
import { type Announced, calendarOf } from '../calendar.ts'
import type { Listener } from '../listener.ts'
import { liveAnswers, textAnswer } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { taggedText } from './live.ts'
import { nameInPath, payerInPath } from './query.ts'

/** `GET /api/v1/payers/{payer}/maintenance.ics`: what a payer announced, for calendars. */
export function calendarRoute(app: Listener, deps: HttpDeps): void {
  const { board, clock } = deps
  const schema = {
    tags: ['Maintenance'],
    operationId: 'getMaintenanceCalendar',
    summary: 'Announced maintenance of a payer as a calendar to subscribe to',
    description:
      'iCalendar (RFC 5545): windows of the last 30 and the next 400 days, each an event in UTC.',
    params: z.strictObject({ payer: nameInPath('Id, name, alias or identifier of a payer') }),
    response: {
      ...liveAnswers(z.null(), '', [400, 404]),
      200: textAnswer('text/calendar', 'The calendar'),
    },
  }
  app.get('/api/v1/payers/:payer/maintenance.ics', { schema }, async (request, reply) => {
    const payer = payerInPath(deps, request.params.payer)
    const name = board.payer(payer)?.log.value?.name ?? payer
    const text = calendarOf(name, announcedBy(board, payer), clock.now())
    reply.header('content-disposition', `inline; filename="${payer}-maintenance.ics"`)
    reply.type('text/calendar; charset=utf-8')
    return taggedText(reply, text)
  })
}

/** What it announced, with what was withdrawn lately, so that calendars which keep what they were told hear of that too. */
function announcedBy(board: HttpDeps['board'], payer: string): Announced[] {
  return Array.from(board.entriesOf('plan')).flatMap(({ log, withdrawn }) => {
    const plan = log.value ?? withdrawn
    return plan?.payer === payer ? [{ plan, at: log.at, isWithdrawn: log.value === null }] : []
  })
}
