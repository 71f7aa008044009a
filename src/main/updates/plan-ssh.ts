import { type Hop, hopsOf, type Profile } from '../../shared/model/index.ts';
import type { Login } from '../credentials/index.ts';
import { createRateLimit, type Endpoint, type SshHost, type SshJob } from '../delivery/index.ts';
import { expandCommand, expandPath, type TemplateValues } from '../profiles/index.ts';
import { basesOf } from './bases.ts';
import { confirmationOf } from './confirmation.ts';
import type { Plan, PlanSources } from './plan-sources.ts';

type AccessSources = Pick<PlanSources, 'profiles' | 'credentials' | 'hosts'>;

/** The hosts that a profile passes through. @throws PushrodError `CREDENTIAL_NOT_FOUND`, `SECRET_UNREADABLE` */
export function jumpHostsOf(sources: AccessSources, profile: Profile): SshHost[] {
  const loginsOf = ({ username, credential }: Hop): Login[] => {
    const logins = credential === undefined ? deviceLogins(sources, profile) : [sources.credentials.login(credential)];
    return username === undefined ? logins : logins.map((login) => ({ ...login, username }));
  };
  return hopsOf(profile.jumpHost).map((hop) => sshHost(sources, hop, loginsOf(hop)));
}

/** Puts together a delivery over SSH. @throws PushrodError */
export function planSsh(sources: PlanSources, { endpoint, firmware, device, context }: Plan): SshJob {
  const { host, port, profile } = endpoint;
  const values: TemplateValues = { device, firmware };
  const remotePath = expandPath(profile.remotePath, values);
  const command = (template: string | undefined) =>
    template === undefined ? undefined : expandCommand(template, { ...values, remotePath });
  const version = command(profile.versionCommand);
  const isConfirmed =
    profile.activateCommand !== undefined && (profile.versionCommand !== undefined || profile.rebootExpected);
  return {
    transport: 'ssh',
    ...sshHost(sources, { host, port }, deviceLogins(sources, profile)),
    via: jumpHostsOf(sources, profile),
    legacyAlgorithms: profile.legacyAlgorithms,
    firmware: { path: sources.firmware.path(firmware.sha256), sha256: firmware.sha256, sizeBytes: firmware.sizeBytes },
    remotePath,
    method: profile.method,
    bases: basesOf(context.otherFirmware, profile, device),
    commands: {
      version: version === undefined ? undefined : { command: version, pattern: profile.versionPattern },
      preflight: command(profile.preflightCommand),
      verify: command(profile.verifyCommand),
      activate: command(profile.activateCommand),
      rollback: command(profile.rollbackCommand),
    },
    confirmation: isConfirmed ? confirmationOf(profile, profile.versionCommand !== undefined, firmware) : undefined,
    isActivated: false,
    rateLimits: [createRateLimit(profile.rateLimitBytesPerSecond), ...context.rateLimits],
    fileMode: profile.fileMode === undefined ? undefined : Number.parseInt(profile.fileMode, 8),
    fileOwner: profile.fileOwner,
    timeouts: profile.timeouts,
  };
}

function deviceLogins({ credentials, profiles }: AccessSources, profile: Profile): Login[] {
  return credentials.loginsFor(profile, profiles.credentialsNamed());
}

function sshHost({ hosts }: AccessSources, { host, port }: Endpoint, logins: Login[]): SshHost {
  return { host, port, logins, knownHostKeyTypes: hosts.knownTypes(host, port) };
}
