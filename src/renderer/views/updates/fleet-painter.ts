import type { DeviceUpdate } from '../../../shared/model/index.ts';
import { type Cells, cellLevel, stateMarks } from '../../lib/fleet.ts';
import { deviceUpdateTones, type Tone } from '../../lib/tones.ts';

const tones: readonly Tone[] = ['good', 'bad', 'warn', 'busy', 'idle'];
/** In smaller cells no letter can be read: what failed gets a notch, what waits stays hollow. */
const leastLetterPx = 13;

/** Draws the cells of a fleet; of those it has drawn before only what changed. */
export class FleetPainter {
  readonly #context: CanvasRenderingContext2D;
  readonly #colours: Record<string, string>;
  readonly #cells: Cells;
  readonly #drawn: DeviceUpdate[] = [];

  /** @param canvas takes its colours from the tokens of the theme that is on */
  constructor(canvas: HTMLCanvasElement, cells: Cells) {
    const scale = devicePixelRatio;
    canvas.width = Math.round(cells.columns * cells.sizePx * scale);
    canvas.height = Math.round(cells.rows * cells.sizePx * scale);
    this.#context = canvas.getContext('2d') as CanvasRenderingContext2D;
    this.#context.scale(scale, scale);
    this.#context.textAlign = 'center';
    this.#context.textBaseline = 'middle';
    this.#context.font = `600 ${Math.round(cells.sizePx * 0.5)}px ${getComputedStyle(canvas).fontFamily}`;
    const style = getComputedStyle(canvas);
    const colour = (name: string) => [name, style.getPropertyValue(`--${name}`)];
    const names = tones.flatMap((tone) => (tone === 'idle' ? [] : [tone, `${tone}-surface`]));
    this.#colours = Object.fromEntries([...names, 'surface', 'track', 'text'].map(colour));
    this.#cells = cells;
  }

  draw(devices: readonly DeviceUpdate[]): void {
    for (const [index, device] of devices.entries()) {
      const drawn = this.#drawn[index];
      if (drawn === device) continue;
      this.#drawn[index] = device;
      const isSame = drawn && drawn.state === device.state && cellLevel(drawn) === cellLevel(device);
      if (!isSame) this.#drawCell(index, device);
    }
  }

  #drawCell(index: number, device: DeviceUpdate): void {
    const { sizePx, columns } = this.#cells;
    const side = sizePx - (sizePx > 12 ? 3 : 2);
    const x = (index % columns) * sizePx;
    const y = Math.floor(index / columns) * sizePx;
    const context = this.#context;
    const tone = deviceUpdateTones[device.state];
    const isSolid = tone === 'good' || tone === 'bad';
    context.clearRect(x, y, sizePx, sizePx);
    this.#fill(x, y, side, side, isSolid ? tone : tone === 'idle' ? 'track' : `${tone}-surface`);
    if (tone === 'busy' || tone === 'warn') {
      this.#fill(x, y + side - 3, side, 3, tone);
      // What is through shines through, so that the letter is read on either part.
      this.#context.globalAlpha = 0.4;
      const height = device.state === 'transferring' ? (side * cellLevel(device)) / 8 : 0;
      this.#fill(x, y + side - height, side, height, tone);
      this.#context.globalAlpha = 1;
    }
    if (side >= leastLetterPx) this.#letter(x, y, side, device, isSolid ? 'surface' : 'text');
    else if (tone === 'bad') this.#notch(x, y, side);
    else if (tone === 'idle') this.#fill(x + 1, y + 1, side - 2, side - 2, 'surface');
  }

  #notch(x: number, y: number, side: number): void {
    const notch = Math.max(2, Math.round(side / 4));
    const inset = Math.floor((side - notch) / 2);
    this.#fill(x + inset, y + inset, notch, notch, 'surface');
  }

  #letter(x: number, y: number, side: number, { state }: DeviceUpdate, colour: string): void {
    this.#context.fillStyle = this.#colours[colour] ?? '';
    this.#context.fillText(stateMarks[state], x + side / 2, y + side / 2 + 1);
  }

  #fill(x: number, y: number, width: number, height: number, colour: string): void {
    this.#context.fillStyle = this.#colours[colour] ?? '';
    this.#context.fillRect(x, y, width, height);
  }
}
