import { naiveWs, sharedWs } from './hand-written.ts'
import { mosquitto } from './mosquitto.ts'
import { nats } from './nats.ts'
import { nchan } from './nchan.ts'
import type { Rival } from './rival.ts'
import { socketIo } from './socket-io.ts'

/** Every server there is to compare with. */
export const rivals: readonly Rival[] = [socketIo, naiveWs, sharedWs, nchan, nats, mosquitto]
