import { type ErrorDetail, PushrodError } from '../../shared/errors.ts';
import { type Hop, hopsOf, type Profile, type UpdateFirmware } from '../../shared/model/index.ts';
import type { Login } from '../credentials/index.ts';
import {
  createRateLimit,
  type Endpoint,
  type SshFile,
  type SshHost,
  type SshJob,
  type SshVisit,
} from '../delivery/index.ts';
import { expandCommand, expandPath, type TemplateValues } from '../profiles/index.ts';
import { basesOf } from './bases.ts';
import { confirmationOf } from './confirmation.ts';
import type { DeviceEndpoint, Plan, PlanSources, VisitSources } from './plan-sources.ts';

type AccessSources = Pick<VisitSources, 'profiles' | 'credentials' | 'hosts'>;

/** The hosts that a profile passes through. @throws PushrodError `CREDENTIAL_NOT_FOUND`, `SECRET_UNREADABLE` */
export function jumpHostsOf(sources: AccessSources, profile: Profile): SshHost[] {
  const loginsOf = ({ username, credential }: Hop): Login[] => {
    const logins = credential === undefined ? deviceLogins(sources, profile) : [sources.credentials.login(credential)];
    return username === undefined ? logins : logins.map((login) => ({ ...login, username }));
  };
  return hopsOf(profile.jumpHost).map((hop) => sshHost(sources, hop, loginsOf(hop)));
}

/** Puts together how a device is reached over SSH, and asked for its version. @throws PushrodError */
export function planSshVisit(sources: AccessSources, endpoint: DeviceEndpoint, values: TemplateValues): SshVisit {
  const { host, port, knownAs, profile } = endpoint;
  const version = commandsOf(values)(profile.versionCommand);
  return {
    transport: 'ssh',
    ...sshHost(sources, { host, port }, deviceLogins(sources, profile), knownAs),
    via: jumpHostsOf(sources, profile),
    legacyAlgorithms: profile.legacyAlgorithms,
    commands: { version: version === undefined ? undefined : { command: version, pattern: profile.versionPattern } },
    confirmation: undefined,
    timeouts: profile.timeouts,
  };
}

/** Puts together how whatever listens somewhere is asked one thing over SSH, as if for its version. @throws PushrodError */
export function planSshQuestion(
  sources: AccessSources,
  { host, port, profile }: DeviceEndpoint,
  question: NonNullable<SshVisit['commands']['version']>,
): SshVisit {
  return {
    transport: 'ssh',
    ...{ host, port, logins: deviceLogins(sources, profile), knownHostKeyTypes: [] },
    via: jumpHostsOf(sources, profile),
    legacyAlgorithms: profile.legacyAlgorithms,
    commands: { version: question },
    confirmation: undefined,
    timeouts: profile.timeouts,
  };
}

/** Puts together a delivery over SSH. @throws PushrodError */
export function planSsh(sources: PlanSources, plan: Plan): SshJob {
  const { endpoint, firmware, last, device, context } = plan;
  const { profile } = endpoint;
  const files = firmware.map((one) => planFile(sources, plan, one));
  requireApart(files, profile);
  const values: TemplateValues = { device, firmware: last, remotePath: files.at(-1)?.remotePath };
  const visit = planSshVisit(sources, endpoint, values);
  const command = commandsOf(values);
  const isConfirmed =
    profile.activateCommand !== undefined && (profile.versionCommand !== undefined || profile.rebootExpected);
  return {
    ...visit,
    files,
    method: profile.method,
    compress: profile.compress,
    commands: {
      ...visit.commands,
      preflight: command(profile.preflightCommand),
      rollback: command(profile.rollbackCommand),
    },
    confirmation: isConfirmed ? confirmationOf(profile, profile.versionCommand !== undefined, last) : undefined,
    stageOnly: context.stageOnly,
    mayBeInPlace: context.mayBeInPlace,
    isActivated: false,
    rateLimits: [createRateLimit(profile.rateLimitBytesPerSecond), ...context.rateLimits],
    fileMode: profile.fileMode === undefined ? undefined : Number.parseInt(profile.fileMode, 8),
    fileOwner: profile.fileOwner,
  };
}

function planFile(sources: PlanSources, { endpoint, device, context }: Plan, firmware: UpdateFirmware): SshFile {
  const { profile } = endpoint;
  const remotePath = expandPath(profile.remotePath, { device, firmware });
  const command = commandsOf({ device, firmware, remotePath });
  const { sha256, sizeBytes } = firmware;
  return {
    firmware: { path: sources.firmware.path(sha256), sha256, sizeBytes },
    remotePath,
    bases: basesOf(context.otherFirmware, profile, device),
    verifyCommand: command(profile.verifyCommand),
    activateCommand: command(profile.activateCommand),
  };
}

const commandsOf = (values: TemplateValues) => (template: string | undefined) =>
  template === undefined ? undefined : expandCommand(template, values);

/** Files of a bundle lie beside each other before any is activated, and all of them before the device reboots. */
function requireApart(files: readonly SshFile[], { rebootExpected, remotePath }: Profile): void {
  if (files.length === 1) return;
  if (new Set(files.map((file) => file.remotePath)).size < files.length) {
    throw unfit(`it would put several files at ${files[0]?.remotePath}`, {
      field: 'remotePath',
      message: `"${remotePath}" needs {firmware.fileName} for a bundle`,
    });
  }
  if (rebootExpected) {
    throw unfit('the device reboots with the first of them', {
      field: 'firmware',
      message: 'push one firmware at a time where a reboot is expected',
    });
  }
}

function unfit(why: string, detail: ErrorDetail): PushrodError {
  return new PushrodError('INVALID_INPUT', `The profile cannot take a bundle: ${why}.`, [detail]);
}

function deviceLogins({ credentials, profiles }: AccessSources, profile: Profile): Login[] {
  return credentials.loginsFor(profile, profiles.credentialsNamed());
}

function sshHost({ hosts }: AccessSources, at: Endpoint, logins: Login[], knownAs?: Endpoint): SshHost {
  const known = knownAs ?? at;
  return { ...at, knownAs, logins, knownHostKeyTypes: hosts.knownTypes(known.host, known.port) };
}
