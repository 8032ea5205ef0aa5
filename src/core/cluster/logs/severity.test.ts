import { expect, test } from 'vitest';
import { severities } from './contract.ts';
import { severityOf } from './severity.ts';

test.each([
  ['{"level":"warn","msg":"an error it is not"}', 'warn'],
  ['{"time":1,"severity":"ERROR","message":"x"}', 'error'],
  ['{"level":50,"msg":"pino"}', 'error'],
  ['{"level":30,"msg":"pino"}', 'info'],
  ['{"level": 3, "msg": "syslog"}', 'error'],
  ['ts=2026-01-01T00:00:00Z level=debug caller=x msg="no error"', 'debug'],
  ['time="2026" level=fatal msg=gone', 'fatal'],
  ['E1123 23:50:33.123456       1 reflector.go:150] failed', 'error'],
  ['W1123 23:50:33.123456       1 warnings.go:70] old', 'warn'],
  ['I1123 23:50:33.123456       1 main.go:1] INFO', 'info'],
  ['2026/11/23 23:50:33 [error] 29#29: *1 open() failed', 'error'],
  ['[WARNING] 2026 something', 'warn'],
  ['2026-11-23 23:50:33,123 ERROR [main] com.example.App - boom', 'error'],
  ['INFO:     Uvicorn running', 'info'],
  ['\u001b[32mINFO\u001b[0m started', 'info'],
  ['npm ERR! code 1', 'error'],
  ['panic: runtime error: index out of range', 'fatal'],
  ['Traceback (most recent call last):', 'fatal'],
  ['GET /errors 200', 'none'],
  ['information about nothing', 'none'],
  ['', 'none'],
])('%s', (line, expected) => {
  expect(severities[severityOf(line)]).toBe(expected);
});
