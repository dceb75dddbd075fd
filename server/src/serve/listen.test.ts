import assert from 'node:assert/strict'
import net, { type AddressInfo } from 'node:net'
import { test } from 'node:test'
import fastify from 'fastify'
import { ListenError } from '../lib/errors.ts'
import { listen } from './listen.ts'

const flag = '--port'

test('listening on port 0 gives the port that was taken', async (t) => {
  const app = fastify()
  t.after(() => app.close())

  const at = await listen(app, { host: '127.0.0.1', port: 0, flag })

  const { port } = app.server.address() as AddressInfo
  assert.deepEqual(at, { host: '127.0.0.1', port })
})

test('localhost is one server on 127.0.0.1', async (t) => {
  const app = fastify()
  t.after(() => app.close())

  const at = await listen(app, { host: 'localhost', port: 0, flag })

  assert.equal(at.host, 'localhost')
  assert.equal(app.addresses().length, 1)
})

test('a port in use is one clear sentence that names the flag', async (t) => {
  const other = net.createServer().listen(0, '127.0.0.1')
  t.after(() => other.close())
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as AddressInfo
  const app = fastify()
  t.after(() => app.close())

  const listening = listen(app, { host: '127.0.0.1', port, flag: '--metrics-port' })

  await assert.rejects(listening, (error) => {
    assert.ok(error instanceof ListenError)
    assert.equal(error.code, 'ERR_LISTEN')
    assert.equal(
      error.message,
      `port ${port} on 127.0.0.1 is taken; choose another with --metrics-port`,
    )
    return true
  })
})

test('an address of another machine is one clear sentence', async (t) => {
  const app = fastify()
  t.after(() => app.close())

  const listening = listen(app, { host: '192.0.2.1', port: 0, flag })

  await assert.rejects(listening, {
    message: /^192\.0\.2\.1 is not an address of this machine; choose one to listen on/,
  })
})

test('missing rights and anything else are said too', async () => {
  const failing = (code: string) => ({
    listen: () => Promise.reject(Object.assign(new Error('x'), { code })),
    server: { address: () => null },
  })

  await assert.rejects(listen(failing('EACCES'), { host: '::1', port: 80, flag }), {
    message:
      'port 80 on ::1 needs more rights than this process has; choose one above 1023 with --port',
  })
  await assert.rejects(listen(failing('EWHATEVER'), { host: '::1', port: 80, flag }), {
    message: 'cannot listen on ::1 port 80 (EWHATEVER); choose another port with --port',
  })
})

test('a port that is shared is so among those who come after the first, and with nobody else', async (t) => {
  const [first, second, stranger] = [fastify(), fastify(), fastify()]
  for (const app of [first, second, stranger]) t.after(() => app.close())
  const host = '127.0.0.1'

  const { port } = await listen(first, { host, port: 0, flag, share: 'first' })
  const at = await listen(second, { host, port, flag, share: 'others' })

  assert.equal(at.port, port)
  await assert.rejects(listen(stranger, { host, port, flag, share: 'first' }), {
    message: `port ${port} on ${host} is taken; choose another with --port`,
  })
})

test('a system that cannot share a port says what to do', async () => {
  const failing = {
    listen: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTSUP' })),
    server: { address: () => null },
  }

  await assert.rejects(listen(failing, { host: '::1', port: 80, flag, share: 'others' }), {
    message: 'this system cannot share a port between threads; set gateway.threads to 1',
  })
})
