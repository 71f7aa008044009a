/** Fields whose flag is written otherwise. */
const names: Readonly<Record<string, string>> = {
  firmwareVersion: 'firmware-version',
  firmwareMin: 'firmware-min',
  firmwareMax: 'firmware-max',
  lastSeen: 'last-seen',
  seenAfter: 'seen-after',
  seenBefore: 'seen-before',
  hostKeys: 'host-keys',
  durationMs: 'duration',
  cutoffMs: 'cutoff',
  intervalMs: 'every',
  listenMs: 'listen',
  models: 'model',
  startAt: 'start',
  patienceMs: 'patience',
  deviceTimeoutMs: 'timeout',
  maxFailures: 'max-failures',
  stageOnly: 'stage-only',
  graceMs: 'grace',
  endsAt: 'ends',
  maxRuns: 'max-runs',
  'window.start': 'window-start',
  'window.end': 'window-end',
  'window.tz': 'tz',
  'window.cutoffMs': 'cutoff',
  'window.durationMs': 'window-duration',
  phaseSuccess: 'phase-success',
  phaseWait: 'phase-wait',
  approvePhases: 'approve-phases',
  'rollout.phases': 'phases',
  'rollout.successPercent': 'phase-success',
  'rollout.waitMs': 'phase-wait',
};

/** A field of the contract as it is written on the command line, without its dashes. */
export function flagOf(field: string): string {
  return names[field] ?? field;
}
