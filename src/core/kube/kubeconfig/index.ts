export {
  type AddedSource,
  createKubeconfig,
  type Kubeconfig,
  type KubeconfigOptions,
  type SourceStore,
} from './kubeconfig.ts';
export type {
  ClusterId,
  DataOrFile,
  ExecSpec,
  KubeContext,
  KubeconfigProblem,
  KubeconfigSource,
  OidcSpec,
  ServerAddress,
  UserAuth,
} from './model.ts';
export { parseKubeconfig } from './parse.ts';
export { createPassphrase } from './passphrase.ts';
export { createProtection, type Protection } from './protection.ts';
export { createKeyBox } from './sealed.ts';
export { plainSecretBox, type SecretBox } from './secretBox.ts';
export { AddedSources, createSourceStore } from './sourceStore.ts';
