// A process that writes to a store and is killed, for store.test.ts. Arguments: the file, and 'crash' or 'hold'.
import { FakeClock } from '../../../kernel/clock.ts';
import { openStore } from '../store.ts';
import { TableWriter } from '../writer.ts';

const [path, mode] = process.argv.slice(2);
const clock = new FakeClock();
const store = await openStore({
  path,
  clock,
  onNotice: (message) => process.stderr.write(`${message}\n`),
  migrations: [
    {
      version: 1,
      what: 'a table',
      sql: 'CREATE TABLE samples (seen BIGINT, name VARCHAR, value DOUBLE, kind UTINYINT)',
    },
  ],
});
const writer = new TableWriter(store, {
  table: 'samples',
  columns: ['bigint', 'varchar', 'double', 'utinyint'],
  clock,
  onProblem: (message) => process.stderr.write(`${message}\n`),
});
const write = async (rows: number) => {
  for (let row = 0; row < rows; row++) writer.add([row, `name-${row}`, row, 0]);
  await writer.flush();
};
if (mode === 'hold') {
  process.stdout.write('holding\n');
  setInterval(() => {}, 1_000);
} else {
  await write(1_000);
  await store.run('CHECKPOINT');
  await write(1_000);
  process.kill(process.pid, 'SIGKILL');
}
