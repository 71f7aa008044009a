import { PushrodError } from '../../shared/errors.ts';
import { type Device, type HttpProfile, httpProfile, type UpdateFirmware } from '../../shared/model/index.ts';
import { needsLogin } from '../../shared/needs-login.ts';
import { createRateLimit, type HttpFile, type HttpJob, requireUsableLogin } from '../delivery/index.ts';
import { expandHeader, expandUrlPath, type TemplateValues } from '../profiles/index.ts';
import { confirmationOf } from './confirmation.ts';
import type { Plan, PlanSources } from './plan-sources.ts';

/** Puts together a delivery over HTTP. @throws PushrodError */
export function planHttp(sources: PlanSources, { endpoint, firmware, last, device, context }: Plan): HttpJob {
  const { host, port, profile } = endpoint;
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
  const path = (template: string | undefined) =>
    template === undefined
      ? undefined
      : expandUrlPath(template, { device, firmware: last, remotePath: files.at(-1)?.remotePath });
  const versionPath = path(http.versionPath);
  const [login] = needsLogin(profile)
    ? sources.credentials.loginsFor(profile, sources.profiles.credentialsNamed())
    : [];
  requireUsableLogin(http.auth, login);
  const isConfirmed = profile.rebootExpected || profile.confirmTimeoutMs !== undefined;
  return {
    transport: 'http',
    host,
    port,
    tls: http.tls,
    auth: http.auth,
    login,
    device: { id: device.id, name: device.name },
    files,
    upload: { method, body, field, verify, resume },
    healthPath: path(http.healthPath),
    version: versionPath === undefined ? undefined : { path: versionPath, pattern: http.versionPattern },
    confirmation: isConfirmed ? confirmationOf(profile, versionPath !== undefined, last) : undefined,
    isActivated: false,
    rateLimits: [createRateLimit(profile.rateLimitBytesPerSecond), ...context.rateLimits],
    timeouts: profile.timeouts,
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
