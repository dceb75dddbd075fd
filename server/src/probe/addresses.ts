/**
 * Which addresses a probe of a public endpoint may reach: those that the Internet routes to somebody else.
 * Source: the IANA IPv4 and IPv6 special-purpose address registries.
 */
import { BlockList, isIP } from 'node:net'
import type { Network } from '../config/schema.ts'
import { ProbeError } from './failure.ts'

const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared by carriers
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, and the metadata services of clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays, withdrawn
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
]

/** The only block that global unicast addresses are given from; what lies outside is local, special or an IPv4 in disguise. */
const GLOBAL_IPV6 = ['2000::/3']

const NOT_PUBLIC_IPV6 = [
  '2001::/23', // protocol assignments, and Teredo
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: carries an IPv4 address
  '3fff::/20', // documentation
]

const notPublic = blockList(NOT_PUBLIC_IPV4, NOT_PUBLIC_IPV6)
const globalUnicast = blockList([], GLOBAL_IPV6)

function blockList(ipv4: readonly string[], ipv6: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ipv4) addRange(list, range, 'ipv4')
  for (const range of ipv6) addRange(list, range, 'ipv6')
  return list
}

function addRange(list: BlockList, range: string, family: 'ipv4' | 'ipv6'): void {
  const [net = '', prefix] = range.split('/')
  list.addSubnet(net, Number(prefix), family)
}

/** Whether `ip` is a public address. What is no address at all, or names an interface, is not. */
export function isPublicAddress(ip: string): boolean {
  if (ip.includes('%')) return false
  const family = isIP(ip)
  if (family === 4) return !notPublic.check(ip, 'ipv4')
  return family === 6 && globalUnicast.check(ip, 'ipv6') && !notPublic.check(ip, 'ipv6')
}

/** Refuses addresses of which even one is outside the network. @throws {ProbeError} `address.refused` */
export function checkAddresses(network: Network, addresses: readonly string[]): void {
  if (network === 'public' && !addresses.every(isPublicAddress))
    throw new ProbeError('address.refused')
}
