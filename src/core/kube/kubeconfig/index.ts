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
export { createKeyBox, keylessBox } from './sealed.ts';
export { plainSecretBox, type SecretBox } from './secretBox.ts';
export { AddedSources, createSourceStore } from './sourceStore.ts';
