/** Enough that the acknowledgements of a slow link do not look like silence. */
const shortestChunkBytes = 32 * 1024;
/** A chunk is at most what the link carries in this time. */
const chunkMs = 1_000;
/** More chunks under way have paid off when the transfer became faster by this factor. */
const paidOff = 1.25;
/** What was measured once counts less with every round, so that one lucky moment does not end the growth. */
const forgetting = 0.95;

/** How much may be under way to one device. */
export interface Pace {
  /** How many chunks. */
  readonly chunks: number;
  /** How long the next chunk may be. */
  readonly chunkBytes: number;
  /** Hears of each chunk that the device has acknowledged. */
  acknowledged(bytes: number, nowMs: number): void;
}

interface PaceOptions {
  firstChunks: number;
  /** By so much the chunks under way are multiplied at a time. */
  growth: number;
  mostChunks: number;
  longestChunkBytes: number;
  startMs: number;
}

/**
 * Starts small and multiplies the chunks under way as long as that makes the transfer faster: what fills the link depends
 * on its bandwidth and round-trip time, which nobody tells. More would only queue up, on this laptop and on the device.
 */
export function createPace({ firstChunks, growth, mostChunks, longestChunkBytes, startMs }: PaceOptions): Pace {
  let chunks = Math.min(firstChunks, mostChunks);
  let chunkBytes = Math.min(shortestChunkBytes, longestChunkBytes);
  let best = 0;
  let round = { startMs, chunks: 0, bytes: 0 };
  return {
    get chunks() {
      return chunks;
    },
    get chunkBytes() {
      return chunkBytes;
    },
    acknowledged(bytes, nowMs) {
      round.chunks += 1;
      round.bytes += bytes;
      if (round.chunks < chunks) return;
      const bytesPerMs = round.bytes / Math.max(nowMs - round.startMs, 0.1);
      const carried = Math.max(shortestChunkBytes, Math.floor(bytesPerMs * chunkMs));
      chunkBytes = Math.min(longestChunkBytes, carried);
      if (bytesPerMs > best * paidOff) chunks = Math.min(chunks * growth, mostChunks);
      best = Math.max(bytesPerMs, best * forgetting);
      round = { startMs: nowMs, chunks: 0, bytes: 0 };
    },
  };
}
