import type { PayerEntry, Plan } from '../config/config.ts'
import type { EndpointState, IncidentRecord, LogEntry, LogRecord } from '../model.ts'
import type { Actions, Answering, Bus, Clock, Done, Log, Refused } from '../ports.ts'
import { announcedPlan, isSamePlan } from './announced-plans.ts'
import { acknowledged, announced, isAnnounced, noted, resolved } from './announcements.ts'
import { paused, resumed, silenced } from './marks.ts'

/** What people's actions change. */
type Kind = 'endpoint' | 'incident' | 'plan'

type PeopleDeps = {
  clock: Clock
  log: Log
  /** The latest record of the log. */
  entryOf: (kind: Kind, id: string) => LogEntry | undefined
  incidents: () => Iterable<IncidentRecord>
  plans: () => Iterable<Plan>
  payer: (id: string) => PayerEntry | undefined
  endpointsOf: (payer: string) => Iterable<EndpointState>
  publish: Bus['publish']
  newIncidentId: () => string
}

/** How often each thing was done, and refused. */
export type ActionCounts = ReadonlyMap<keyof Actions, { done: number; refused: number }>

type Said = {
  command: keyof Actions
  by: string
  incident?: string
  endpoint?: string
  payer?: string
  plan?: string
}

/** Most announced incidents that are open at once. */
const MAX_ANNOUNCEMENTS = 1_000

/**
 * Does what people ask for, in one place, where the log is kept: reading the latest record and publishing the next one is
 * one step, so that nothing that others write meanwhile is lost. Who did what is logged, never what they wrote.
 */
export class People {
  readonly #deps: PeopleDeps
  readonly #counts = new Map<keyof Actions, { done: number; refused: number }>()

  constructor(deps: PeopleDeps) {
    this.#deps = deps
    for (const name of Object.keys(this.answering) as (keyof Actions)[]) // safe: its type has no others
      this.#counts.set(name, { done: 0, refused: 0 })
  }

  get counts(): ActionCounts {
    return this.#counts
  }

  /** What is done with each command. */
  readonly answering: Pick<Answering, keyof Actions> = {
    note: (said) => this.#toIncident(said, (incident) => noted(incident, this.#now(said))),
    acknowledge: (said) => this.#toIncident(said, (incident) => acknowledged(incident, said)),
    resolve: (said) => this.#toIncident(said, (incident) => resolved(incident, this.#now(said))),
    announce: (said) => this.#announce(said),
    pause: (said) => this.#toEndpoint(said, (state) => pausedOrNot(state, this.#now(said))),
    resume: (said) =>
      this.#toEndpoint(said, (state) => (state.paused ? resumed(state) : undefined)),
    silence: (said) => this.#toEndpoint(said, (state) => silenced(state, said.until)),
    announceMaintenance: (said) => this.#announceMaintenance(said),
    withdrawMaintenance: (said) => this.#withdrawMaintenance(said),
  }

  #now<T>(said: T): T & { at: number } {
    return { ...said, at: this.#deps.clock.now() }
  }

  #toIncident(
    said: Said & { incident: string },
    change: (before: IncidentRecord) => IncidentRecord | Refused,
  ): Promise<Done> {
    const { incident: id } = said
    const before = this.#deps.entryOf('incident', id)
    if (before?.kind !== 'incident' || before.value === null)
      return this.#refuse(said, 'unknown_incident')
    const value = change(before.value)
    if (typeof value === 'string') return this.#refuse(said, value)
    return this.#publish(said, { kind: 'incident', id, value })
  }

  /** A change that is undefined leaves the record as it is. */
  #toEndpoint(
    said: Said & { endpoint: string },
    change: (before: EndpointState) => EndpointState | Refused | undefined,
  ): Promise<Done> {
    const { endpoint: id } = said
    const before = this.#deps.entryOf('endpoint', id)
    if (before?.kind !== 'endpoint' || before.value === null)
      return this.#refuse(said, 'unknown_endpoint')
    const value = change(before.value)
    if (typeof value === 'string') return this.#refuse(said, value)
    if (value === undefined) return Promise.resolve(this.#done(said, before))
    return this.#publish(said, { kind: 'endpoint', id, value })
  }

  #announce(said: Parameters<Answering['announce']>[0]): Promise<Done> {
    const { incidents, newIncidentId } = this.#deps
    const isOpen = ({ status }: IncidentRecord) => status !== 'resolved'
    const open = [...incidents()].filter((incident) => isOpen(incident) && isAnnounced(incident))
    if (open.length >= MAX_ANNOUNCEMENTS) return this.#refuse(said, 'too_many_announcements')
    const id = newIncidentId()
    const value = announced(said, { ...this.#now(said), id })
    return this.#publish({ ...said, incident: id }, { kind: 'incident', id, value })
  }

  async #announceMaintenance(said: Parameters<Answering['announceMaintenance']>[0]): Promise<Done> {
    const { clock, plans, payer, endpointsOf, entryOf } = this.#deps
    const entry = payer(said.payer)
    if (entry === undefined) return this.#refuse(said, 'unknown_payer')
    const at = clock.now()
    const about = { payer: entry, endpoints: endpointsOf(said.payer), plans: plans(), at }
    const outcome = announcedPlan(said.maintenance, about)
    if ('refused' in outcome) return { ...(await this.#refuse(said, outcome.refused)), ...outcome }
    const { plan, isNew } = outcome
    const told = { ...said, plan: plan.id }
    const before = entryOf('plan', plan.id)
    if (before?.kind === 'plan' && before.value !== null && isSamePlan(before.value, plan))
      return { ...this.#done(told, before), isNew }
    return { ...(await this.#publish(told, { kind: 'plan', id: plan.id, value: plan })), isNew }
  }

  #withdrawMaintenance(said: Said & { plan: string }): Promise<Done> {
    const { plan: id } = said
    const before = this.#deps.entryOf('plan', id)
    if (before?.kind !== 'plan' || before.value === null) return this.#refuse(said, 'unknown_plan')
    const { origin, payer } = before.value
    if (origin === 'file') return this.#refuse(said, 'plan_of_file')
    return this.#publish({ ...said, payer }, { kind: 'plan', id, value: null })
  }

  async #publish(said: Said, record: LogRecord & { kind: Kind }): Promise<Done> {
    await this.#deps.publish(record)
    const entry = this.#deps.entryOf(record.kind, record.id)
    if (entry === undefined) throw new Error('what was published is not in the log')
    return this.#done(said, entry)
  }

  #done(said: Said, entry: LogEntry): Done {
    this.#deps.log.info(auditOf(said), 'person acted')
    count(this.#counts, said, 'done')
    return { entry }
  }

  #refuse(said: Said, refused: Refused): Promise<Done> {
    this.#deps.log.info({ ...auditOf(said), code: refused }, 'person was refused')
    count(this.#counts, said, 'refused')
    return Promise.resolve({ refused })
  }
}

function pausedOrNot(
  state: EndpointState,
  how: { at: number; until: number | null },
): EndpointState | Refused {
  return state.reason?.kind === 'not_probeable' ? 'not_probeable' : paused(state, how)
}

function count(
  counts: Map<keyof Actions, { done: number; refused: number }>,
  { command }: Said,
  outcome: 'done' | 'refused',
): void {
  const before = counts.get(command) ?? { done: 0, refused: 0 }
  counts.set(command, { ...before, [outcome]: before[outcome] + 1 })
}

/** Who did what to which record. */
function auditOf({ command, by, incident, endpoint, payer, plan }: Said) {
  return {
    kind: command,
    by,
    ...(incident !== undefined && { incident }),
    ...(endpoint !== undefined && { endpoint }),
    ...(payer !== undefined && { payer }),
    ...(plan !== undefined && { plan }),
  }
}
