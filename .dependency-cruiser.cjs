/** The walls of the house: what may import what (docs/architecture.md). */
const parts =
  'audit|reports|registry|firmware|delivery|updates|presence|discovery|slots|profiles|credentials|hosts|server|data|feed|bench|tasks|calendar|sites|schedules';

module.exports = {
  forbidden: [
    {
      name: 'electron-only-in-the-shell',
      comment: 'Everything but the shell and the preload runs without Electron.',
      severity: 'error',
      from: { pathNot: '^src/(main/shell/|main/index\\.ts|preload/)' },
      to: { path: '^(node_modules/)?electron(/|$)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'a-part-is-entered-by-its-index',
      comment: "A part's public face is its index.ts.",
      severity: 'error',
      from: { path: '^src/main/([^/]+)' },
      to: { path: `^src/main/(${parts})/.+`, pathNot: '^src/main/$1/|^src/main/[^/]+/index\\.ts$' },
    },
    {
      name: 'doors-enter-parts-by-their-index',
      severity: 'error',
      from: { path: '^src/(cli|simulator|renderer|preload)/' },
      to: { path: `^src/main/(${parts})/.+`, pathNot: '^src/main/[^/]+/index\\.ts$' },
    },
    {
      name: 'shared-knows-no-side',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: '^src/(main|cli|renderer|preload|simulator)/' },
    },
    {
      name: 'the-renderer-knows-only-the-contract',
      comment: 'The page is untrusted and has no Node.',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { path: '^src/(main|cli|simulator)/|^node:' },
    },
    {
      name: 'core-parts-know-no-door',
      severity: 'error',
      from: {
        path: '^src/main/(audit|reports|registry|firmware|delivery|updates|presence|discovery|slots|profiles|credentials|hosts|data|feed|tasks|calendar|sites|schedules)/',
      },
      to: { path: '^src/(cli|preload|renderer)/|^src/main/(shell|server)/|^src/main/(app|router)\\.ts$' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.svelte'] },
  },
};
