import { writeFile } from 'node:fs/promises';
import { KubeSageError } from '../../core/kernel/errors.ts';

/**
 * Serves many simulated clusters on loopback, and writes the kubeconfig that leads to them, until the process is told to
 * end. `sizes` are texts as given on the command line.
 */
export async function simulate(
  kubeconfigPath: string,
  sizes: { clusters?: string; pods?: string; churn?: string },
): Promise<void> {
  const clusters = wholeNumber('--clusters', sizes.clusters ?? '20', 1000);
  const pods = wholeNumber('--pods', sizes.pods ?? '5000', 100_000);
  const churnPerSecond = wholeNumber('--churn', sizes.churn ?? '20', 100_000);
  const { scale } = await import('../../core/simulator/index.ts');
  const fleet = await scale({ clusters, pods, churnPerSecond });
  try {
    // Never over a file that is there: it may be the only copy of somebody's kubeconfig.
    await writeFile(kubeconfigPath, fleet.kubeconfig, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new KubeSageError('conflict', `${kubeconfigPath} could not be written: ${(error as Error).message}`, {
      hint: 'Name a file that does not exist yet, in a folder that does.',
      cause: error,
    });
  }
  console.log(`${clusters} clusters of ${pods} pods, ${churnPerSecond} changes a second. To look at them:`);
  console.log(`  KUBECONFIG=${kubeconfigPath} kubesage serve`);
  console.log('Ctrl+C ends them.');
  const end = () => {
    fleet.dispose();
    process.exit(0);
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= most && text !== '') return value;
  throw new KubeSageError('invalid', `${option} takes a number from 0 to ${most}, not '${text}'`);
}
