import { isIPv6 } from 'node:net'

/** What counts as one address: an IPv4 address, or the /64 that one IPv6 subscriber has. */
export function addressKey(remote: string): string {
  if (!remote.includes(':')) return remote
  const [address = ''] = remote.toLowerCase().split('%')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  return isIPv6(address) ? `${firstGroups(address).join(':')}::/64` : address
}

function firstGroups(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const backLength = back.length + (address.includes('.') ? 1 : 0)
  const missing = tail === undefined ? 0 : Math.max(0, 8 - front.length - backLength)
  const groups = [...front, ...Array.from({ length: missing }, () => '0'), ...back]
  return groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
}
