import type { SshJob } from '../delivery/index.ts';
import { expandCommand, expandPath, type TemplateValues } from '../profiles/index.ts';
import type { Plan, PlanSources } from './plan-sources.ts';

/** Puts together a delivery over SSH. @throws PushrodError */
export function planSsh(sources: PlanSources, { endpoint, firmware, device }: Plan): SshJob {
  const { host, port, profile } = endpoint;
  const values: TemplateValues = { device, firmware };
  const remotePath = expandPath(profile.remotePath, values);
  const command = (template: string | undefined) =>
    template === undefined ? undefined : expandCommand(template, { ...values, remotePath });
  return {
    transport: 'ssh',
    host,
    port,
    login: sources.credentials.loginFor(profile, sources.profiles.credentialsNamed()),
    knownHostKeyTypes: sources.hosts.knownTypes(host, port),
    firmware: { path: sources.firmware.path(firmware.sha256), sha256: firmware.sha256, sizeBytes: firmware.sizeBytes },
    remotePath,
    method: profile.method,
    verifyCommand: command(profile.verifyCommand),
    activateCommand: command(profile.activateCommand),
    timeouts: profile.timeouts,
  };
}
