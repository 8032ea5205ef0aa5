import { actions } from './cluster/actions/contract.ts';
import { changes } from './cluster/changes/contract.ts';
import { fleet } from './cluster/fleet/contract.ts';
import { resources } from './cluster/resources/contract.ts';
import { history } from './observe/history/contract.ts';
import { audit } from './platform/audit/contract.ts';
import { settings } from './platform/settings/contract.ts';
import { system } from './platform/system/contract.ts';

/** The product: every capability's contract, one line each. Every face is made from this value. */
export const contract = { actions, audit, changes, fleet, history, resources, settings, system };

export type KubeSageContract = typeof contract;
