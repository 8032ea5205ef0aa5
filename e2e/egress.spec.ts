// Gate S12: in a network of its own, where every packet is counted, nothing leaves the app but to the API server of a
// cluster that was opened: no update check, no telemetry, no name that is looked up.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

const folder = mkdtempSync(join(tmpdir(), 'kubesage-network-'));
const resolver = join(folder, 'resolv.conf');
writeFileSync(resolver, 'nameserver 10.77.0.53\n');

/** A pair of interfaces with nobody behind them, a route to everywhere through it, and counters. */
const network = `
set -e
mount --bind ${resolver} /etc/resolv.conf
ip link set lo up
ip link add out type veth peer name far
ip link set far up
ip addr add 10.77.0.2/24 dev out
ip link set out up
ip route add default via 10.77.0.1 dev out
iptables -w -A OUTPUT ! -o lo -d 10.77.0.1 -p tcp --dport 6443 -m comment --comment server -j DROP
iptables -w -A OUTPUT ! -o lo -m comment --comment elsewhere -j DROP
iptables -w -A OUTPUT -o lo -p udp --dport 53 -m comment --comment names -j DROP
`;

const possible = spawnSync('unshare', ['--net', '--mount', 'sh', '-c', network], { encoding: 'utf8' });

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('S12 nothing leaves the app but to the API server of a cluster that was opened', () => {
  test.skip(possible.status !== 0, `No network of one's own can be made here: ${possible.stderr}`);
  test.setTimeout(180_000);
  const host = test.info().project.name === 'electron' ? 'electron' : 'serve';
  const child = join(import.meta.dirname, 'egressChild.ts');
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['--net', '--mount', 'sh', '-c', `${network}\nexec "$0" "$1" "$2"`, process.execPath, child, host],
    { encoding: 'utf8', timeout: 170_000 },
  );
  const measured = /MEASURED (.*)/.exec(stdout)?.[1];
  if (measured === undefined) throw new Error(`Nothing was measured: ${stdout}${stderr}`.slice(0, 4_000));
  const { onDemo, unopened, opened, control } = JSON.parse(measured) as Record<
    'onDemo' | 'unopened' | 'opened' | 'control',
    { server: number; elsewhere: number }
  >;
  expect(onDemo).toEqual({ server: 0, elsewhere: 0 });
  expect(unopened).toEqual({ server: 0, elsewhere: 0 });
  expect(opened.elsewhere).toBe(0);
  // It does try to reach the cluster, and the counters do count.
  expect(opened.server).toBeGreaterThan(0);
  expect(control.elsewhere).toBeGreaterThan(0);
});
