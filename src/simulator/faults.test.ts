import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startSimulator } from './index.ts';

it('gives the same bench the same faults, about as many as wanted', async () => {
  const faultsOf = async (seed: number) => {
    const bench = await startSimulator({ devices: 40, seed, faults: { cut: 0.2, login: 0.3 } });
    onTestFinished(() => bench.close());
    return bench.devices.map(({ fault }) => fault);
  };
  const [one, again, other] = [await faultsOf(3), await faultsOf(3), await faultsOf(4)];
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
  for (const fault of ['cut', 'login']) expect(one.filter((found) => found === fault).length).toBeGreaterThan(3);
});

it.each(['ssh', 'http'] as const)('ends every connection of a device that cuts, over %s', async (transport) => {
  const bench = await startSimulator({ devices: 1, transport, faults: { cut: 1 } });
  onTestFinished(() => bench.close());
  const [device] = bench.devices;
  const socket = connect(Number(device?.address.split(':').at(-1)), '127.0.0.1').resume();
  await once(socket, 'close');
  expect(bench.connectionsOf(device?.name ?? '')).toBe(1);
});
