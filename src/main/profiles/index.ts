export { createProfileStore, type ProfileStore } from './profile-store.ts';
export { expandCommand, expandHeader, expandPath, expandUrlPath, type TemplateValues } from './template.ts';
