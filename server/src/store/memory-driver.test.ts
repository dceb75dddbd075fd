import { inMemory } from '../../test/support/a-store.ts'
import { storeContract } from '../../test/support/store-contract.ts'

storeContract('memory', inMemory)
