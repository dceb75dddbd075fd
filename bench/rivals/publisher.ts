/** Publishes to a broker that listens on 127.0.0.1: `publisher.ts nats|mqtt|nchan PORT`. */
import { pace } from '../src/rivals/pace.ts'
import { sayReady, serveOffers } from '../src/rivals/program.ts'
import { publishers } from '../src/rivals/publishers.ts'

const [kind = '', port = '0'] = process.argv.slice(2)
const connect = publishers[kind]
if (connect === undefined) throw new Error(`there is no publisher for "${kind}"`)

const send = await connect(Number(port))
sayReady(Number(port))
await serveOffers((offer) => pace(offer, send))
