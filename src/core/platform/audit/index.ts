export { auditApi } from './api.ts';
export { type Audit, createAudit, type KeptEntry } from './audit.ts';
