export { type CredentialStore, createCredentialStore, type Login } from './credential-store.ts';
export { createSecretBox, type SecretBox } from './secret-box.ts';
