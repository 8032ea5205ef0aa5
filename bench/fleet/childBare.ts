import type { OnReadOpts } from 'node:net';
import tls from 'node:tls';
import { readAccess } from './access.ts';

/**
 * The floor: a process that reads the same bytes over TLS and looks at none of them but the last, as sparingly as Node
 * can (one buffer for all reads, 10 ms between turns of reading). What this costs is the kernel's and OpenSSL's.
 */
const access = readAccess(process.argv[2] ?? '');
const namespace = process.argv[4];
const { hostname, port } = new URL(access.server);
const gatherMs = 10;
const end = Buffer.from('k8s.io/initial-events-end');
const path = namespace === undefined ? '/api/v1/pods' : `/api/v1/namespaces/${namespace}/pods`;
const query =
  'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=0';
setTimeout(() => process.exit(1), 120_000);
/** Node's TLS takes it as its sockets do; the types do not say so. */
const options: tls.ConnectionOptions & { onread: OnReadOpts } = {
  host: hostname,
  port: Number(port),
  ca: access.ca,
  cert: access.cert,
  key: access.key,
  onread: {
    buffer: new Uint8Array(64 * 1024),
    callback(count, bytes) {
      // The bookmark that ends the list comes alone, in a small record.
      if (count < 1024 && Buffer.from(bytes.buffer, bytes.byteOffset, count).includes(end)) {
        const { user, system } = process.cpuUsage();
        process.stdout.write(JSON.stringify({ cpuSeconds: [(user + system) / 1e6] }), () => process.exit(0));
      }
      return true;
    },
  },
};
const socket = tls.connect(options, () => {
  socket.write(
    `GET ${path}?${query} HTTP/1.1\r\nHost: ${hostname}\r\nUser-Agent: kubesage-bench\r\nAccept: application/vnd.kubernetes.protobuf;stream=watch\r\n\r\n`,
  );
  const pause = () => {
    socket.pause();
    setTimeout(() => {
      socket.resume();
      setImmediate(pause);
    }, gatherMs);
  };
  setTimeout(pause, gatherMs);
});
