// Before the first paint, as the page's own program is only there after it. See lib/theme.svelte.ts.
document.documentElement.dataset.theme =
  localStorage.getItem('pushrod.theme') ??
  (matchMedia('(prefers-contrast: more)').matches
    ? 'contrast'
    : matchMedia('(prefers-color-scheme: dark)').matches
      ? 'dark'
      : 'light');
