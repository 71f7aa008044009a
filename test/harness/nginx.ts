import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, makeCertificate } from './certificate.ts';
import { freePort } from './free-port.ts';
import { nginxPath } from './requirements.ts';
import { waitForPort } from './wait-for-port.ts';

/** A real nginx on loopback that takes files by PUT (WebDAV): a device. */
export interface Nginx {
  port: number;
  /** `127.0.0.1:port` or `[::1]:port` */
  address: string;
  /** The folder that is the root of its paths. */
  root: string;
  /** What it shows over TLS. */
  certificate: Certificate;
  /** As after a factory reset: another certificate on the same port. */
  restartWithNewCertificate(): Promise<void>;
  /** One line for each request: method, path, status, connection number. */
  log(): string[];
  stop(): Promise<void>;
}

interface NginxOptions {
  host?: '127.0.0.1' | '::1';
  tls?: boolean;
  /** User and password that are asked for (RFC 7617). */
  basic?: { username: string; password: string };
  /** Longest body; `0` for any. */
  clientMaxBodySize?: string;
}

export async function startNginx({
  host = '127.0.0.1',
  tls = false,
  basic,
  clientMaxBodySize = '0',
}: NginxOptions = {}): Promise<Nginx> {
  const hostPart = host === '::1' ? '[::1]' : host;
  const dir = mkdtempSync(join(tmpdir(), 'pushrod-nginx-'));
  const root = join(dir, 'files');
  mkdirSync(root);
  // Its workers run as another user.
  for (const path of [dir, root]) chmodSync(path, 0o777);
  const port = await freePort();
  const log = join(dir, 'access.log');
  let certificates = 0;
  let certificate = makeCertificate(dir, `device-${certificates}`);
  if (basic) {
    const hash = execFileSync('openssl', ['passwd', '-apr1', basic.password], { encoding: 'utf8' });
    writeFileSync(join(dir, 'users'), `${basic.username}:${hash}`, { mode: 0o644 });
  }
  const config = () =>
    [
      'daemon off; master_process on; worker_processes 1;',
      `user root; pid ${join(dir, 'pid')}; error_log ${join(dir, 'error.log')};`,
      'events { worker_connections 256; }',
      'http {',
      `  log_format line '$request_method $request_uri $status $connection'; access_log ${log} line;`,
      `  client_body_temp_path ${join(dir, 'body')}; client_max_body_size ${clientMaxBodySize};`,
      ...['proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `  ${kind}_temp_path ${join(dir, kind)};`),
      `  server { listen ${hostPart}:${port}${tls ? ' ssl' : ''};`,
      ...(tls ? [`    ssl_certificate ${certificate.file}; ssl_certificate_key ${certificate.keyFile};`] : []),
      ...(basic ? [`    auth_basic bench; auth_basic_user_file ${join(dir, 'users')};`] : []),
      '    location = /health { return 200 "well"; }',
      '    location = /version { return 200 "{\\"version\\":\\"2.4.1\\"}"; }',
      `    location / { root ${root}; dav_methods PUT DELETE MOVE; create_full_put_path on; }`,
      '  }',
      '}',
      '',
    ].join('\n');
  let child: ChildProcess | undefined;
  const start = async () => {
    writeFileSync(join(dir, 'nginx.conf'), config());
    child = spawn(nginxPath, ['-p', dir, '-c', join(dir, 'nginx.conf')], { stdio: 'ignore' });
    const started = child;
    await waitForPort(port, () => started.exitCode === null, host);
  };
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  await start();
  return {
    port,
    address: `${hostPart}:${port}`,
    root,
    get certificate() {
      return certificate;
    },
    async restartWithNewCertificate() {
      await kill();
      certificates += 1;
      certificate = makeCertificate(dir, `device-${certificates}`);
      await start();
    },
    log: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []),
    async stop() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
