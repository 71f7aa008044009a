import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './scenario.ts';

/**
 * OpenSSH's sftp-server behind a Perl statement that has its way with each packet for it: `$packet` begins with its type,
 * which is 6 for a WRITE (draft-02, 6.4). Returns its path.
 */
export function makeSftpServer({ dir }: Bench, name: string, statement: string): string {
  const server = join(dir, name);
  const script = `#!/usr/bin/perl
open(my $server, '|-', '/usr/lib/openssh/sftp-server') or exit 1;
select($server);
$| = 1;
while (read(STDIN, my $length, 4) == 4) {
  read(STDIN, my $packet, unpack('N', $length));
  ${statement}
  print $length, $packet;
}
`;
  writeFileSync(server, script, { mode: 0o755 });
  return server;
}
