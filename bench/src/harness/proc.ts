/** What Linux tells of a process: time on a core by thread, memory, open descriptors. */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const NS_PER_S = 1e9

/** One thread, and the seconds it has spent on a core. */
export type ThreadTime = { tid: number; name: string; seconds: number }

/** The threads of a process. Node gives a worker thread the name it was started with. */
export async function threadTimes(pid: number): Promise<ThreadTime[]> {
  const tids = await readdir(`/proc/${pid}/task`)
  const times = await Promise.all(tids.map((tid) => threadTime(pid, tid)))
  return times.filter((time) => time !== undefined)
}

/** Undefined for a thread that has ended meanwhile. */
async function threadTime(pid: number, tid: string): Promise<ThreadTime | undefined> {
  const folder = `/proc/${pid}/task/${tid}`
  try {
    const name = (await readFile(`${folder}/comm`, 'utf8')).trim()
    // The first number of schedstat: nanoseconds on a core; stat itself counts in steps of 10 ms.
    const [ns = '0'] = (await readFile(`${folder}/schedstat`, 'utf8')).split(' ')
    return { tid: Number(tid), name, seconds: Number(ns) / NS_PER_S }
  } catch {
    return undefined
  }
}

/** Seconds on a core of all threads whose name the filter takes. */
export async function cpuSeconds(
  pids: readonly number[],
  takes: (thread: string) => boolean = () => true,
): Promise<number> {
  const times = (await Promise.all(pids.map(threadTimes))).flat()
  return times.filter(({ name }) => takes(name)).reduce((sum, { seconds }) => sum + seconds, 0)
}

/** Resident memory, bytes. */
export async function residentBytes(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(pids.map(residentOf))
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function residentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(status.match(/^VmRSS:\s+(\d+) kB$/m)?.[1] ?? Number.NaN) * 1024
}

/** How many descriptors a process has open. */
export async function openDescriptors(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length
}

/** Binds one thread to a core, or to several: `0-1`. */
export async function pinThread(tid: number, cores: string): Promise<void> {
  await run('taskset', ['-pc', cores, String(tid)])
}
