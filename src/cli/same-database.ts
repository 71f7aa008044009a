const defaultPort = '5432';
const isPostgres = ({ protocol }: URL) => /^postgres(ql)?:$/.test(protocol);

/** Whether two addresses name the same database and user, however they are written and whatever else they ask for. */
export function isSameDatabase(one: string, other: string): boolean {
  const [a, b] = [keyOf(one), keyOf(other)];
  return a !== undefined && a === b;
}

function keyOf(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null || !isPostgres(url)) return undefined;
  const { username, hostname, port, pathname } = url;
  return JSON.stringify([
    decoded(username),
    decoded(hostname).toLowerCase(),
    port || defaultPort,
    decoded(pathname.slice(1)),
  ]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address without its password, which may also stand among the parameters; a file's name stays as it is. */
export function withoutSecrets(place: string): string {
  const url = URL.parse(place);
  if (url === null || !isPostgres(url)) return place;
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}
