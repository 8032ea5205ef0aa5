// Imports point down: kernel ← kube, platform ← cluster ← observe ← insight, secure, finops ← automate ← extend.
const below = {
  kernel: [],
  kube: ['kernel'],
  platform: ['kernel', 'kube'],
  simulator: ['kernel', 'kube'],
  cluster: ['kernel', 'kube', 'platform'],
  observe: ['kernel', 'kube', 'platform', 'cluster'],
};
const layers = Object.keys(below);

/** Tests may use what stands beside them and the simulator. */
const notTests = { pathNot: ['\\.test\\.tsx?$', '/testing/', '\\.test-d\\.ts$'] };

export default {
  forbidden: [
    ...layers.map((layer) => ({
      name: `${layer}-imports-down`,
      severity: 'error',
      from: { path: `^src/core/${layer}/`, ...notTests },
      to: { path: '^src/', pathNot: [layer, ...below[layer]].map((name) => `^src/core/${name}/`) },
    })),
    {
      name: 'kube-does-not-know-platform',
      severity: 'error',
      from: { path: '^src/core/kube/', ...notTests },
      to: { path: '^src/core/platform/' },
    },
    {
      name: 'capability-through-its-front-door',
      severity: 'error',
      comment: 'Another capability is reached through its index.ts, its contract.ts or its port (openClusters.ts).',
      from: { path: '^src/core/(cluster|observe|platform)/([^/]+)/', ...notTests },
      to: {
        path: '^src/core/(cluster|observe|platform)/([^/]+)/',
        pathNot: ['^src/core/$1/$2/', '/index\\.ts$', '/contract\\.ts$', '/openClusters\\.ts$'],
      },
    },
    {
      name: 'contract-imports-contracts',
      severity: 'error',
      from: { path: '(^|/)contract\\.ts$', pathNot: ['^src/core/kernel/'] },
      to: { pathNot: ['(^|/)contract\\.ts$', '^node_modules/zod/', '^zod$'] },
    },
    {
      name: 'renderer-sees-contracts',
      severity: 'error',
      comment: 'The kernel is the wire; of everything else in the core the renderer knows the contracts alone.',
      from: { path: '^src/renderer/' },
      to: { path: '^src/(core|main|preload)/', pathNot: ['^src/core/kernel/', '(^|/)contract\\.ts$'] },
    },
    {
      name: 'core-knows-no-host',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: ['^src/(main|preload|renderer)/', '^node_modules/(electron|react|fastify)/'] },
    },
    {
      name: 'shells-of-this-computer-on-the-desktop',
      severity: 'error',
      comment: 'Pseudo terminals are given by the desktop alone: no page that is served may have one.',
      from: { path: '^src/', pathNot: ['^src/main/engine/(index|pty)\\.ts$', '\\.kube\\.test\\.ts$'] },
      to: { path: ['^src/main/engine/pty\\.ts$', 'node-pty'] },
    },
    {
      name: 'machine-access-in-its-places',
      severity: 'error',
      comment: 'Files, sockets, processes and DuckDB only in kube, platform, simulator and src/main.',
      from: { path: '^src/core/', pathNot: ['^src/core/(kube|platform|simulator)/', ...notTests.pathNot] },
      to: { path: ['^(node:)?(fs|net|tls|http|https|child_process|worker_threads)', '@duckdb', 'node-llama-cpp'] },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['\\?(worker|url|raw)', '\\.css$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.css$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
