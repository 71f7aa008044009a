import { formatBytes } from '../../shared/format-bytes.ts';
import { hasFailed } from '../../shared/model/index.ts';
import { html, Markup } from './markup.ts';
import { progressPicture } from './progress-picture.ts';
import { style } from './style.ts';
import type { DeviceReport, UpdateReport } from './update-report.ts';
import { durationText, stateText, type Words } from './words.ts';

/** With so few devices, the steps of each are open from the start, and are printed. */
const openUpTo = 10;

/** The report as one page of HTML that loads nothing, runs nothing, and can be printed. */
export function toPage(report: UpdateReport, words: Words): string {
  const { update, devices, audit } = report;
  const failed = devices.filter(hasFailed);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${update.name} – update report</title>
<style>${new Markup(style)}</style>
</head>
<body>
<header>
  <div><p class="eyebrow">Update report</p><h1>${update.name}</h1></div>
  ${stateMark(update.state)}
</header>
${summary(report)}
<figure>
  ${progressPicture(report, words)}
  <figcaption>Devices over time<i class="succeeded"></i>succeeded<i class="failed"></i>failed<i class="other"></i>skipped or cancelled</figcaption>
</figure>
${facts(report, words)}
${firmware(report)}
${failed.length > 0 ? failures(failed) : html``}
<h2>Devices</h2>
${deviceTable(devices, words)}
<h2>What happened to the update</h2>
<table>
  <thead><tr><th>Time</th><th>State</th><th>Who</th><th>Why</th></tr></thead>
  <tbody>${report.steps.map(
    ({ at, state, actor, reason }) => html`
    <tr><td class="time">${words.moment(at)}</td><td>${stateText(state)}</td><td>${actor}</td><td>${reason ?? ''}</td></tr>`,
  )}</tbody>
</table>
<h2>What happened to each device</h2>
<p class="muted on-screen">What is open here is printed as well.</p>
${devices.map((device) => deviceSteps(device, devices.length <= openUpTo, words))}
<p class="sign"><span>Name</span><span>Date</span><span>Signature</span></p>
<footer>
  <p>Made by Pushrod at ${words.moment(report.madeAt)}. Times are those of ${words.zone}.</p>
  ${audit ? html`<p>Up to entry ${audit.entryId} of the audit log, whose SHA-256 is <code>${audit.hash}</code>.</p>` : html``}
</footer>
</body>
</html>
`;
  return page.text;
}

function stateMark(state: string): Markup {
  return html`<span class="state ${state}">${stateText(state)}</span>`;
}

function summary({ totals }: UpdateReport): Markup {
  const { devices, ...ended } = totals;
  const shown = Object.entries(ended).filter(([name, count]) => count > 0 || name === 'succeeded' || name === 'failed');
  return html`<section class="totals">
  <div><strong>${devices}</strong>${devices === 1 ? 'device' : 'devices'}</div>
  ${shown.map(([name, count]) => html`<div class="${count > 0 ? name : ''}"><strong>${count}</strong>${name}</div>`)}
</section>`;
}

function facts(report: UpdateReport, { moment }: Words): Markup {
  const { update, startedBy, durationMs, bytesSent } = report;
  const said: [string, string][] = [
    ['Started by', startedBy],
    ['Started', moment(update.createdAt)],
    ['Ended', moment(update.endedAt)],
    ['Took', durationText(durationMs)],
    ['Sent', formatBytes(bytesSent)],
    ['Update', update.id],
  ];
  if (update.reason !== null) said.push(['Why it is in this state', update.reason]);
  return html`<dl>${said.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function firmware({ update }: UpdateReport): Markup {
  return html`<h2>Firmware</h2>
<table>
  <thead><tr><th>File</th><th>Version</th><th class="number">Size</th><th>SHA-256</th><th>Signed by</th></tr></thead>
  <tbody>${update.firmware.map(
    ({ fileName, version, sizeBytes, sha256, signedBy }) => html`
    <tr><td>${fileName}</td><td>${version || '–'}</td><td class="number">${formatBytes(sizeBytes)}</td><td><code>${sha256}</code></td><td>${signedBy ?? 'nobody'}</td></tr>`,
  )}</tbody>
</table>`;
}

function failures(failed: DeviceReport[]): Markup {
  return html`<h2>What needs a look</h2>
<table>
  <thead><tr><th>Device</th><th>Code</th><th>What happened, and what to do</th></tr></thead>
  <tbody>${failed.map(
    ({ name, errorCode, message, hint }) => html`
    <tr><td class="name">${name}</td><td class="code">${errorCode ?? '–'}</td><td>${message ?? ''} <span class="muted">${hint ?? ''}</span></td></tr>`,
  )}</tbody>
</table>`;
}

function deviceTable(devices: DeviceReport[], { moment }: Words): Markup {
  return html`<table>
  <thead><tr><th>Device</th><th>Address</th><th>State</th><th>Version</th><th class="number">Attempts</th><th>Method</th><th class="number">Sent</th><th>Ended</th><th class="number">Took</th></tr></thead>
  <tbody>${devices.map(
    (device) => html`
    <tr><td class="name">${device.name}</td><td class="name">${device.address}</td><td>${stateMark(device.state)}</td><td>${device.firmwareVersion ?? '–'}</td><td class="number">${device.attempts}</td><td>${device.method ?? '–'}</td><td class="number">${formatBytes(device.bytesSent)}</td><td class="time">${moment(device.endedAt)}</td><td class="number">${durationText(device.durationMs)}</td></tr>`,
  )}</tbody>
</table>`;
}

function deviceSteps({ name, state, message, steps, outputs }: DeviceReport, isOpen: boolean, words: Words): Markup {
  return html`<details${isOpen ? new Markup(' open') : ''}>
  <summary><b>${name}</b> ${stateMark(state)}</summary>
  ${message === null ? html`` : html`<p>${message}</p>`}
  <table><tbody>${steps.map(
    (step) => html`
    <tr><td class="time">${words.moment(step.at)}</td><td>${stateText(step.state)}</td><td>${step.reason ?? ''}</td></tr>`,
  )}</tbody></table>
  ${outputs.map(
    ({ step, attempt, command, exitCode, output, at }) => html`
  <p><code>${command}</code> <span class="muted">${stateText(step)}, attempt ${attempt}, ${words.timeOfDay(at)}, ${
    exitCode === null ? 'ended by a signal' : `exit code ${exitCode}`
  }</span></p>
  <pre>${output}</pre>`,
  )}
</details>`;
}
