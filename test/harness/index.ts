export { type DeviceSummary, type PushSummary, push, registerBench, remotePathOf, setProfile } from './bench.ts';
export { launchBrowser } from './browser.ts';
export { type CliResult, cliJson, type RunningCli, runCli, spawnCli } from './cli.ts';
export { makeFile, sha256OfFile } from './files.ts';
export { freePort } from './free-port.ts';
export { has, isRoot } from './requirements.ts';
export { type Sshd, startSshd } from './sshd.ts';
export { temporaryDir } from './temporary.ts';
export { mountTmpfs } from './tmpfs.ts';
