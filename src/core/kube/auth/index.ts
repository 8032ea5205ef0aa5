export { type Authenticator, type AuthenticatorOptions, createAuthenticator } from './authenticator.ts';
export type { ConnectionSpec, CredentialSource, Credentials } from './connection.ts';
export { type ApprovalStore, Approvals, type PluginConsent } from './consent.ts';
export { redact } from './redact.ts';
