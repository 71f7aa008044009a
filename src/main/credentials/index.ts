export { type CredentialStore, createCredentialStore, type Login } from './credential-store.ts';
export { openPrivateKey } from './private-key.ts';
export { createSecretBox, type SecretBox } from './secret-box.ts';
