/** Port numbers as they are typed, `22, 8080`; `undefined` where one of them is none. */
export function portsOf(text: string): number[] | undefined {
  const ports = text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  const areGood = ports.every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535);
  return areGood && ports.length > 0 ? ports : undefined;
}
