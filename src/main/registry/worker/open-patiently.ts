import { PushrodError, toPushrodError } from '../../../shared/errors.ts';
import { type OpenPlace, openPlace, type PlaceEvents } from './open-place.ts';
import type { RegistryPlace } from './protocol.ts';

/** A registry that is open, or why it is not yet. */
export interface Opening {
  opened?: OpenPlace;
  refused?: PushrodError;
  /** Gives up trying. */
  stop?(): void;
}

const tryAgainMs = 3_000;

/** Opens a registry now, or later when it can be reached; says so by the events. */
export function openPatiently(place: RegistryPlace, events: PlaceEvents): Opening {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const opening: Opening = {
    refused: new PushrodError('REGISTRY_UNREACHABLE', 'The shared registry is being opened.'),
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
  const attempt = async () => {
    try {
      const opened = await openPlace(place, events);
      if (isStopped) return await opened.close();
      opening.opened = opened;
      events.onStatus({ connected: true, message: null });
      events.onChange();
    } catch (thrown) {
      opening.refused = toPushrodError(thrown);
      events.onStatus({ connected: false, message: opening.refused.message });
      if (!isStopped) timer = setTimeout(attempt, tryAgainMs);
    }
  };
  void attempt();
  return opening;
}
