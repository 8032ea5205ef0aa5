import { watchTasks } from './longTasks.ts';

/**
 * Loaded into the engine's process before its program: tells over the process' own channel how long its event loop was
 * kept busy at once since the last question, and what its memory is made of.
 */
let tasks = watchTasks();
// How long the thread itself worked between two turns of its loop: what a turn takes when nobody else wants the cores.
let longestCpuMs = 0;
let worked = process.threadCpuUsage();
setInterval(() => {
  const now = process.threadCpuUsage();
  longestCpuMs = Math.max(longestCpuMs, (now.user + now.system - worked.user - worked.system) / 1000);
  worked = now;
}, 1).unref();
process.on('message', () => {
  const longestTaskMs = tasks.longestMs();
  tasks.stop();
  tasks = watchTasks();
  const ownMs = longestCpuMs;
  longestCpuMs = 0;
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  process.send?.({ longestTaskMs, ownMs, heapUsed, external, arrayBuffers, rss });
});
// It lives as long as the program does.
process.channel?.unref();
