import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from 'playwright';
import { addressOf } from '../../src/main/serve/testing/served.ts';
import { type Figure, toFigure } from '../figure.ts';
import { kubectlPath } from '../scale/kube.ts';

const cluster = 'bench-terminal';
const namespace = 'bench-terminal';
const image = 'docker.io/library/busybox:1.36';
const rounds = 15;
const floodMs = 2000;
const atMostMs = 150;

const pod = `
apiVersion: v1
kind: Pod
metadata: { name: flood, namespace: ${namespace} }
spec:
  nodeName: real-1
  terminationGracePeriodSeconds: 0
  containers:
    - { name: main, image: "${image}", imagePullPolicy: IfNotPresent, command: [sleep, "100000"] }
`;

/**
 * operate.terminal: from the press of Ctrl-C to the prompt in the page, while `yes` has flooded the terminal for two
 * seconds. Real API server, kubelet and container; the engine serves a Chromium; all share this machine.
 */
export async function run(): Promise<Figure[]> {
  const tool = process.env.KUBESAGE_KUBE;
  if (tool === undefined || tool === '') throw new Error('Set KUBESAGE_KUBE to the tool that starts test clusters');
  const data = mkdtempSync(path.join(tmpdir(), 'kubesage-terminal-'));
  const kubeconfig = execFileSync(tool, ['up', cluster, '--real-node'], { encoding: 'utf8' }).trim().split('\n').at(-1);
  const kubectl = (args: readonly string[], input?: string) =>
    execFileSync(kubectlPath(), ['--kubeconfig', kubeconfig ?? '', ...args], {
      stdio: ['pipe', 'ignore', 'inherit'],
      ...(input !== undefined && { input }),
    });
  let server: ChildProcess | undefined;
  try {
    kubectl(['create', 'namespace', namespace]);
    // Pods are refused until the controller has made the namespace's account.
    kubectl(['wait', '--for=create', 'serviceaccount/default', '-n', namespace, '--timeout=60s']);
    kubectl(['apply', '-f', '-'], pod);
    kubectl(['wait', '--for=condition=Ready', 'pod/flood', '-n', namespace, '--timeout=120s']);
    const program = path.join(import.meta.dirname, '../../out/main/kubesage.mjs');
    server = spawn(process.execPath, [program, 'serve', '--port', '0', '--data', data], {
      env: { ...process.env, KUBECONFIG: kubeconfig, HOME: data },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const address = await addressOf(server);
    const browser = await chromium.launch({
      executablePath: process.env.KUBESAGE_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await openShell(page, address);
      const took: number[] = [];
      for (let round = 0; round < rounds; round++) took.push(await interrupted(page));
      return [
        toFigure(took, {
          id: 'operate.terminal',
          unit: 'ms',
          against: 'Ctrl-C to the prompt on the screen, under `yes`',
          atMost: atMostMs,
        }),
      ];
    } finally {
      await browser.close();
    }
  } finally {
    server?.kill();
    kubectl(['delete', 'namespace', namespace, '--wait=false']);
    execFileSync(tool, ['down', cluster]);
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function openShell(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole('checkbox', { name: 'Choose all' }).check();
  await page.getByRole('button', { name: /^Open 1/ }).click();
  await page.getByRole('article').filter({ hasText: 'Live' }).waitFor();
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/resources/pods?namespaces=${namespace}`);
  await page.getByRole('row').filter({ hasText: 'flood' }).click();
  await page.keyboard.press('s');
  await page.locator('.xterm-rows').filter({ hasText: '#' }).waitFor();
}

async function interrupted(page: Page): Promise<number> {
  await page.keyboard.type('clear; yes 0123456789012345678901234567890123456789\n');
  await sleep(floodMs);
  const took = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const terminal = document.querySelector('.xterm');
        const rows = document.querySelector('.xterm-rows');
        let pressed: number | undefined;
        terminal?.addEventListener(
          'keydown',
          () => {
            pressed ??= performance.now();
          },
          { capture: true, once: true },
        );
        const look = () => {
          const text = rows?.textContent?.trimEnd() ?? '';
          if (pressed !== undefined && text.endsWith('#')) resolve(performance.now() - pressed);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  // The page's own handler is to be there before the key is.
  await sleep(100);
  await page.keyboard.press('Control+c');
  return took;
}
