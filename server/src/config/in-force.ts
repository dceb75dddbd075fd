/** What an endpoint comes to in the end, by the keys and in the words of a file. */
import type { Endpoint, Tls } from './config.ts'
import { bytesOf, bytesText, durationMs, durationText, SIZE } from './scalars.ts'

type Values = Record<string, unknown>

/** The values that hold, by dotted key. Undefined is one that has no meaning for this endpoint; absent ones are as said. */
export function inForce(endpoint: Endpoint): Values {
  const { maxBody, freshEvery, unreviewed, judge } = endpoint
  return {
    kind: endpoint.kind,
    via: endpoint.via,
    url: endpoint.shownUrl,
    method: endpoint.method,
    network: endpoint.network,
    http2: endpoint.http2 ?? false,
    log_exchanges: endpoint.logExchanges ?? false,
    max_body: bytesText(maxBody),
    fresh_every: freshEvery,
    unreviewed,
    'judge.window': judge.window,
    'judge.down_after': judge.downAfter,
    'judge.recover_after': judge.recoverAfter,
    ...rhythmOf(endpoint),
    ...waitsOf(endpoint),
    ...retryOf(endpoint),
    ...securityOf(endpoint),
  }
}

function rhythmOf({ interval, cron, confirmAfter, backoff }: Endpoint): Values {
  return {
    interval: cron === undefined ? durationText(interval) : undefined,
    cron: cron?.expression,
    ...(cron && { time_zone: cron.timeZone }),
    confirm_after: durationText(confirmAfter),
    'backoff.factor': backoff?.factor,
    'backoff.cap': backoff && durationText(backoff.cap),
  }
}

function waitsOf({ timeouts }: Endpoint): Values {
  return {
    timeout: durationText(timeouts.total),
    'timeouts.dns': durationText(timeouts.dns),
    'timeouts.connect': durationText(timeouts.connect),
    'timeouts.tls': durationText(timeouts.tls),
    'timeouts.first_byte': durationText(timeouts.firstByte),
  }
}

function retryOf({ retry }: Endpoint): Values {
  if (retry === undefined) return { 'retry.attempts': 1 }
  return {
    'retry.attempts': retry.attempts,
    'retry.delay': durationText(retry.delay),
    'retry.max_delay': durationText(retry.maxDelay),
    'retry.degrade_after_retry': retry.degradeAfterRetry,
    'retry.any_method': retry.anyMethod,
  }
}

function securityOf({ tls, oauth2 }: Endpoint): Values {
  return {
    ...versionsOf(tls, 'tls'),
    'tls.skip_verify': tls?.skipVerify ?? false,
    'auth.oauth2.auth_style': oauth2?.authStyle,
    ...(oauth2 === undefined
      ? { 'auth.oauth2.tls.min_version': undefined, 'auth.oauth2.tls.max_version': undefined }
      : versionsOf(oauth2.tls, 'auth.oauth2.tls')),
  }
}

function versionsOf(tls: Tls | undefined, key: string): Values {
  return {
    [`${key}.min_version`]: tls?.minVersion ?? 'TLSv1.2',
    [`${key}.max_version`]: tls?.maxVersion ?? 'TLSv1.3',
  }
}

/** Whether a file's `said` and what is in force are the same, however they are written. */
export function isSaid(said: unknown, value: unknown): boolean {
  const [one, other] = [String(said), String(value)]
  if (one === other) return true
  if (SIZE.test(one) && SIZE.test(other)) return bytesOf(one) === bytesOf(other)
  const ms = durationMs(one)
  return ms !== undefined && ms === durationMs(other)
}
