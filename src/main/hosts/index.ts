export { certificateKey, fingerprintOf, keyTypeOf } from './fingerprint.ts';
export { createKnownHosts, type HostKeyDecision, type KnownHosts } from './known-hosts.ts';
