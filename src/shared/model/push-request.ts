import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import { deviceId, deviceSelection } from './device.ts';
import { sha256 } from './firmware.ts';
import { hostKeyPolicy } from './host-key.ts';
import { concurrency, rateLimit } from './limits.ts';
import { profileName } from './profile-name.ts';
import { share } from './share.ts';
import { timestamp } from './timestamp.ts';
import { blackout, siteWindow } from './window.ts';

const day = 86_400_000;

/** A part of a progressive roll-out. The next one begins when this one has ended well. */
export const phase = z.strictObject({
  name: z.string().trim().min(1).max(80).optional(),
  /** How many of all devices have had their turn when the phase ends: `10%`, then `50%`, then `100%`. */
  upTo: share,
});
export type Phase = z.infer<typeof phase>;

/** How an update goes from one phase to the next. */
export const rollout = z.strictObject({
  phases: z
    .array(phase)
    .min(1, 'name at least one phase')
    .max(100)
    .superRefine((phases, context) => {
      for (const [index, { upTo }] of phases.entries()) {
        const before = phases[index - 1]?.upTo;
        const grows =
          before === undefined || sizeOf(upTo) > sizeOf(before) || 'percent' in upTo !== 'percent' in before;
        if (!grows)
          context.addIssue({ code: 'custom', path: [index], message: 'has to reach further than the one before' });
      }
      const last = phases.at(-1)?.upTo;
      if (!last || !('percent' in last) || last.percent !== 100) {
        const message = 'the last phase has to reach all devices: end with 100%';
        context.addIssue({ code: 'custom', path: [Math.max(0, phases.length - 1)], message });
      }
    }),
  /** Of the devices of a phase that came to an end, how many must have succeeded for the next phase to begin. */
  successPercent: z.number().min(0).max(100).default(100),
  /** How long to wait after a phase. */
  waitMs: z
    .int()
    .min(0)
    .max(30 * day)
    .default(0),
  /** Whether a person has to approve each further phase. */
  needsApproval: z.boolean().default(false),
  /** In which order devices are taken; at random it is drawn once and kept. */
  order: z.enum(['name', 'random']).default('name'),
});
export type Rollout = z.infer<typeof rollout>;

const sizeOf = (given: Phase['upTo']) => ('percent' in given ? given.percent : given.devices);

export const pushRequest = z.strictObject({
  /** One file, or a bundle: several that are brought in one session, in this order. */
  firmware: z.union([sha256, z.array(sha256).min(1, 'name at least one firmware').max(32)]),
  selection: deviceSelection,
  name: z.string().trim().max(200).optional(),
  /** Used for every device instead of its own profile. */
  profile: profileName.optional(),
  hostKeys: hostKeyPolicy.default('accept-new'),
  /** Devices pushed to at the same time. */
  concurrency: concurrency.default(32),
  /** Further tries for a device after a failure that may pass. */
  retries: z.int().min(0).max(100).default(0),
  /** What all devices of the update together may take, payload bytes a second. */
  rateLimitBytesPerSecond: rateLimit.optional(),
  /** How long one device may take, all tries together, up to its activation. */
  deviceTimeoutMs: z
    .int()
    .min(1_000)
    .max(24 * day)
    .optional(),
  /** In phases; all devices at once when left out. */
  rollout: rollout.optional(),
  /** No further device is begun once more than these have failed. A percentage is of those that ended, five at least. */
  maxFailures: share.optional(),
  /** Up to the verified file in its place; what is staged is activated by a call of its own. */
  stageOnly: z.boolean().default(false),
  /** Each device begins when it is next seen. */
  onConnect: z.boolean().default(false),
  /**
   * A device is skipped that is not seen within this time, or that another bench pushes to for so long. Without it both are
   * waited for.
   */
  patienceMs: z
    .int()
    .min(1_000)
    .max(365 * day)
    .optional(),
  /** Nothing begins earlier. */
  startAt: timestamp.optional(),
  /** Devices are begun and activated in these only; at any time when left out. With `stageOnly`, they are only activated in these. */
  windows: z.array(siteWindow).max(20).default([]),
  /** Days, by the calendar of each window's zone, without any window. */
  blackouts: z.array(blackout).max(1_000).default([]),
  /** Whether devices may get a version older than theirs. */
  allowDowngrade: z.boolean().default(false),
  /** Whether devices that run this very firmware get it again. */
  force: z.boolean().default(false),
});
export type PushRequest = z.infer<typeof pushRequest>;

/** What can be changed of an update while it runs; what is left out stays. */
export const updateLimits = z.strictObject({
  concurrency: concurrency.optional(),
  /** `null` for no limit. */
  rateLimitBytesPerSecond: rateLimit.nullable().optional(),
});
export type UpdateLimits = z.infer<typeof updateLimits>;

/** What a push would do with each device. */
export const pushForecast = z.object({
  devices: z.array(
    z.object({
      deviceId,
      deviceName: z.string(),
      /** From 0. */
      phase: z.int(),
      action: z.enum(['push', 'skip']),
      /** Why it would be skipped, else `null`. */
      errorCode: z.enum(errorCodes).nullable(),
      /** The same in words, or what would be waited for. */
      message: z.string().nullable(),
      /** At most: a delta, a compression or a resumed transfer sends less. */
      bytesTotal: z.int(),
      /** Whether something listens at its address; `null` where that was not asked. */
      isReachable: z.boolean().nullable(),
    }),
  ),
  bytesTotal: z.int(),
  /** About how long it takes, going by past pushes; `null` while there were none. */
  durationMs: z.number().nullable(),
});
export type PushForecast = z.infer<typeof pushForecast>;
