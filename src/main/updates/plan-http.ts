import { httpProfile } from '../../shared/model/index.ts';
import { needsLogin } from '../../shared/needs-login.ts';
import { createRateLimit, type HttpJob, requireUsableLogin } from '../delivery/index.ts';
import { expandHeader, expandUrlPath, type TemplateValues } from '../profiles/index.ts';
import { confirmationOf } from './confirmation.ts';
import type { Plan, PlanSources } from './plan-sources.ts';

/** Puts together a delivery over HTTP. @throws PushrodError */
export function planHttp(sources: PlanSources, { endpoint, firmware, device, context }: Plan): HttpJob {
  const { host, port, profile } = endpoint;
  const http = profile.http ?? httpProfile.parse({});
  const values: TemplateValues = { device, firmware };
  const remotePath = expandUrlPath(http.path, values);
  const path = (template: string | undefined) =>
    template === undefined ? undefined : expandUrlPath(template, { ...values, remotePath });
  const header = ([name, template]: [string, string]) => [name, expandHeader(template, { ...values, remotePath })];
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
    firmware: {
      path: sources.firmware.path(firmware.sha256),
      fileName: firmware.fileName,
      sha256: firmware.sha256,
      sizeBytes: firmware.sizeBytes,
    },
    remotePath,
    upload: {
      method: http.method,
      body: http.body,
      field: http.field,
      verify: http.verify,
      resume: http.resume,
    },
    headers: Object.fromEntries(Object.entries(http.headers).map(header)),
    healthPath: path(http.healthPath),
    version: versionPath === undefined ? undefined : { path: versionPath, pattern: http.versionPattern },
    confirmation: isConfirmed ? confirmationOf(profile, versionPath !== undefined, firmware) : undefined,
    isActivated: false,
    rateLimits: [createRateLimit(profile.rateLimitBytesPerSecond), ...context.rateLimits],
    timeouts: profile.timeouts,
  };
}
