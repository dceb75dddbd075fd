import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createAuthority } from '../../test/support/far-side-certificates.ts'
import { onPostgres } from '../../test/support/on-postgres.ts'
import { openPostgres } from './postgres.ts'

for (const sslmode of ['verify-full', 'require', 'no-verify'])
  onPostgres(`sslmode=${sslmode} is TLS`, async (postgres) => {
    const url = await postgres.database()
    const root = sslmode === 'no-verify' ? {} : { sslrootcert: postgres.authority }
    const warnings: Error[] = []
    const onWarning = (warning: Error) => void warnings.push(warning)
    process.on('warning', onWarning)

    await using driver = await openPostgres(postgres.byTls(url, { sslmode, ...root }))
    await driver.commit({ meta: new Map([['epoch', 'e1']]) })
    const sessions = await postgres.query(
      url,
      `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
      WHERE datname = current_database() AND application_name = 'payer-status'`,
    )
    process.off('warning', onWarning)

    assert.equal((await driver.load()).meta.get('epoch'), 'e1')
    assert.deepEqual(sessions, [{ ssl: true }, { ssl: true }])
    assert.deepEqual(warnings, [])
  })

onPostgres(
  'a server that cannot be trusted is refused, and no error tells the password',
  async (postgres) => {
    const url = await postgres.database()
    const other = join(dirname(postgres.authority), 'other.pem')
    await writeFile(other, createAuthority('Another').cert)
    const [ours, sslmode] = [{ sslrootcert: postgres.authority }, 'verify-full']
    const byTls = (parameters: Record<string, string>) => postgres.byTls(url, parameters)
    const addresses: [string, RegExp][] = [
      [
        byTls({ sslmode }),
        /certificate that is not accepted \([A-Z_]+\): expected one for the host/,
      ],
      [byTls({ sslmode: 'require' }), /certificate that is not accepted \([A-Z_]+\)/],
      [byTls({ sslmode, sslrootcert: other }), /certificate that is not accepted \([A-Z_]+\)/],
      [
        byTls({ sslmode, ...ours }).replace('@localhost', '@127.0.0.1'),
        /\(ERR_TLS_CERT_ALTNAME_INVALID\)/,
      ],
      [
        byTls({ sslmode, sslrootcert: '/nowhere.pem' }),
        /cannot be asked \(ENOENT\): expected files/,
      ],
      [
        `${url.replace('@', ':tell-nobody@')}&sslmode=${sslmode}`,
        /does not speak TLS: expected ssl = on/,
      ],
    ]

    for (const [address, message] of addresses) {
      const error = await openPostgres(address).catch((thrown) => thrown)
      assert.deepEqual([error.code, error.isPassing], ['ERR_STORE', false], error.message)
      assert.match(error.message, message)
      assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)} ${error.cause}`, /tell-nobody/)
    }
  },
)
