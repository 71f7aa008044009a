/** Of the printed page and of the screen; A4 and Letter both take it. */
export const style = `
  @page { margin: 14mm 12mm; }
  :root {
    color-scheme: light;
    --text: #17202c; --muted: #586579; --line: #d9dee6; --shade: #f5f6f8;
    --good: #17794a; --bad: #b3261e; --other: #8791a1; --warn: #8a5a00;
  }
  * { box-sizing: border-box; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body {
    max-width: 60rem; margin: 0 auto; padding: 2.5rem 2rem; background: #fff; color: var(--text);
    font: 0.875rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  }
  header { display: flex; justify-content: space-between; align-items: flex-start; gap: 1rem; }
  h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
  h2 { margin: 2rem 0 0.5rem; font-size: 1rem; break-after: avoid; }
  p { margin: 0.25rem 0; }
  .eyebrow, th, dt, figcaption, footer, .muted { color: var(--muted); }
  .eyebrow { margin: 0 0 0.25rem; font-size: 0.75rem; letter-spacing: 0.06em; text-transform: uppercase; }
  .state { color: var(--muted); font-weight: 600; white-space: nowrap; }
  header .state { padding: 0.25rem 0.75rem; border: 1px solid currentcolor; border-radius: 99px; }
  .state.succeeded, .state.completed { color: var(--good); }
  .state.failed, .state.rolledBack { color: var(--bad); }
  .state.paused, .state.interrupted, .state.staged { color: var(--warn); }

  .totals { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; margin: 1.5rem 0 0.75rem; }
  .totals div { font-size: 0.8125rem; color: var(--muted); }
  .totals strong { display: block; font-size: 1.75rem; line-height: 1.1; color: var(--text); font-variant-numeric: tabular-nums; }
  .totals .succeeded strong { color: var(--good); }
  .totals .failed strong { color: var(--bad); }

  figure { margin: 0; break-inside: avoid; }
  figcaption { font-size: 0.75rem; }
  figcaption i { display: inline-block; width: 0.625rem; height: 0.625rem; margin: 0 0.25rem 0 0.75rem; border-radius: 2px; }
  i.succeeded { background: var(--good); } i.failed { background: var(--bad); } i.other { background: var(--other); }
  svg { display: block; width: 100%; height: auto; }
  svg line { stroke: var(--line); }
  svg text { fill: var(--muted); font-size: 11px; }
  path.succeeded { fill: var(--good); } path.failed { fill: var(--bad); } path.other { fill: var(--other); }

  dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 0.75rem 1.5rem; margin: 1.25rem 0 0; }
  dt { font-size: 0.75rem; }
  dd { margin: 0; overflow-wrap: anywhere; }
  table { width: 100%; border-collapse: collapse; font-size: 0.8125rem; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  th { font-size: 0.75rem; font-weight: 500; text-align: start; white-space: nowrap; }
  th, td { padding: 0.3125rem 0.75rem 0.3125rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
  td { overflow-wrap: anywhere; }
  td.name { min-width: 7rem; }
  td, dd, h1, pre, summary b { unicode-bidi: isolate; }
  .code { white-space: nowrap; }
  .number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .time { width: 1%; white-space: nowrap; font-variant-numeric: tabular-nums; }
  code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Consolas, monospace; font-size: 0.75rem; }
  pre { margin: 0.25rem 0 0.75rem; padding: 0.5rem 0.75rem; background: var(--shade); border-radius: 5px; white-space: pre-wrap; overflow-wrap: anywhere; }

  details { border-bottom: 1px solid var(--line); padding: 0.375rem 0; }
  summary { cursor: pointer; }
  details[open] > summary { margin-bottom: 0.5rem; break-after: avoid; }
  details > :not(summary) { margin-inline-start: 1rem; width: calc(100% - 1rem); }
  .sign { display: none; }
  footer { margin-top: 2.5rem; font-size: 0.75rem; overflow-wrap: anywhere; }

  @media print {
    body { max-width: none; padding: 0; font-size: 9.5pt; }
    table { font-size: 8pt; }
    th, td { padding-inline-end: 0.5rem; }
    code, pre { font-size: 7.5pt; }
    details:not([open]) { display: none; }
    .on-screen { display: none; }
    .sign { display: flex; gap: 2rem; margin-top: 3.5rem; break-inside: avoid; }
    .sign span { flex: 1; padding-top: 0.25rem; border-top: 1px solid var(--text); color: var(--muted); font-size: 0.75rem; }
  }
`;
