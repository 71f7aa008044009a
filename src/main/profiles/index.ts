export { createProfileStore, type ProfileStore } from './profile-store.ts';
export { expandCommand, expandPath, type TemplateValues } from './template.ts';
