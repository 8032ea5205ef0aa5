import { actions } from './cluster/actions/contract.ts';
import { changes } from './cluster/changes/contract.ts';
import { crds } from './cluster/crds/contract.ts';
import { fleet } from './cluster/fleet/contract.ts';
import { gitops } from './cluster/gitops/contract.ts';
import { helm } from './cluster/helm/contract.ts';
import { labels } from './cluster/labels/contract.ts';
import { captures } from './cluster/logs/capture/contract.ts';
import { logs } from './cluster/logs/contract.ts';
import { manifests } from './cluster/manifests/contract.ts';
import { namespaces } from './cluster/namespaces/contract.ts';
import { portfolio } from './cluster/portfolio/contract.ts';
import { portforward } from './cluster/portforward/contract.ts';
import { resources } from './cluster/resources/contract.ts';
import { terminal } from './cluster/terminal/contract.ts';
import { topology } from './cluster/topology/contract.ts';
import { upgrades } from './cluster/upgrades/contract.ts';
import { history } from './observe/history/contract.ts';
import { audit } from './platform/audit/contract.ts';
import { recordings } from './platform/recordings/contract.ts';
import { settings } from './platform/settings/contract.ts';
import { system } from './platform/system/contract.ts';

/** The product: every capability's contract, one line each. Every face is made from this value. */
export const contract = {
  actions,
  audit,
  changes,
  crds,
  fleet,
  gitops,
  helm,
  history,
  labels,
  logs: { ...logs, ...captures },
  manifests,
  namespaces,
  portfolio,
  portforward,
  recordings,
  resources,
  settings,
  system,
  terminal,
  topology,
  upgrades,
};

export type KubeSageContract = typeof contract;
