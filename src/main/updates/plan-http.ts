import { PushrodError } from '../../shared/errors.ts';
import { type Device, type HttpProfile, httpProfile, type UpdateFirmware } from '../../shared/model/index.ts';
import { needsLogin } from '../../shared/needs-login.ts';
import { createRateLimit, type HttpFile, type HttpJob, type HttpVisit, requireUsableLogin } from '../delivery/index.ts';
import { expandHeader, expandUrlPath, type TemplateValues } from '../profiles/index.ts';
import { confirmationOf } from './confirmation.ts';
import type { DeviceEndpoint, Plan, PlanSources, VisitSources } from './plan-sources.ts';

/** Puts together how a device is reached over HTTP, and asked for its version. @throws PushrodError */
export function planHttpVisit(
  { credentials, profiles }: Pick<VisitSources, 'credentials' | 'profiles'>,
  { host, port, profile }: DeviceEndpoint,
  values: TemplateValues,
): HttpVisit {
  const { auth, tls, versionPath, versionPattern } = profile.http ?? httpProfile.parse({});
  const [login] = needsLogin(profile) ? credentials.loginsFor(profile, profiles.credentialsNamed()) : [];
  requireUsableLogin(auth, login);
  const version =
    versionPath === undefined ? undefined : { path: expandUrlPath(versionPath, values), pattern: versionPattern };
  return { transport: 'http', host, port, tls, auth, login, version, timeouts: profile.timeouts };
}

/** Puts together a delivery over HTTP. @throws PushrodError */
export function planHttp(sources: PlanSources, { endpoint, firmware, last, device, context }: Plan): HttpJob {
  const { profile } = endpoint;
  if (context.stageOnly) {
    const message =
      'A device that is updated over HTTP activates what it takes by itself: nothing can be staged on it.';
    throw new PushrodError('INVALID_INPUT', message, [
      { field: 'stageOnly', message: `leave "${device.name}" out, or push to it without staging` },
    ]);
  }
  const http = profile.http ?? httpProfile.parse({});
  const { method, body, field, verify, resume } = http;
  const files = firmware.map((one) => planFile(sources, http, one, device));
  const values: TemplateValues = { device, firmware: last, remotePath: files.at(-1)?.remotePath };
  const visit = planHttpVisit(sources, endpoint, values);
  const isConfirmed = profile.rebootExpected || profile.confirmTimeoutMs !== undefined;
  return {
    ...visit,
    device: { id: device.id, name: device.name },
    files,
    upload: { method, body, field, verify, resume },
    healthPath: http.healthPath === undefined ? undefined : expandUrlPath(http.healthPath, values),
    confirmation: isConfirmed ? confirmationOf(profile, visit.version !== undefined, last) : undefined,
    isActivated: false,
    rateLimits: [createRateLimit(profile.rateLimitBytesPerSecond), ...context.rateLimits],
  };
}

function planFile(sources: PlanSources, http: HttpProfile, firmware: UpdateFirmware, device: Device): HttpFile {
  const remotePath = expandUrlPath(http.path, { device, firmware });
  const values: TemplateValues = { device, firmware, remotePath };
  const header = ([name, template]: [string, string]) => [name, expandHeader(template, values)];
  const { fileName, sha256, sizeBytes } = firmware;
  return {
    firmware: { path: sources.firmware.path(sha256), fileName, sha256, sizeBytes },
    remotePath,
    headers: Object.fromEntries(Object.entries(http.headers).map(header)),
  };
}
