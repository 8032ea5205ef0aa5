import { readFileSync } from 'node:fs';

/** Resident memory of a process, now and at most, as Linux counts it. */
export function memoryOf(pid: number): { rssBytes: number; peakBytes: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN);
  return { rssBytes: kilobytes('VmRSS') * 1024, peakBytes: kilobytes('VmHWM') * 1024 };
}

/** User and system time of a process with all its threads, seconds. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which may hold anything: utime and stime are fields 14 and 15, in hundredths of a second.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/**
 * Waits until a process has used less than that much of a core for two seconds on end: what begins with its clusters
 * (discovery, the history of all rows) is then over. @throws when that takes more than a minute
 */
export async function rested(pid: number, cores = 0.08): Promise<void> {
  const until = performance.now() + 60_000;
  for (let calm = 0; calm < 4; ) {
    const [before, began] = [cpuSecondsOf(pid), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 500));
    const used = ((cpuSecondsOf(pid) - before) * 1_000) / (performance.now() - began);
    calm = used < cores ? calm + 1 : 0;
    if (performance.now() > until) throw new Error(`Process ${pid} still uses ${used.toFixed(2)} of a core`);
  }
}
