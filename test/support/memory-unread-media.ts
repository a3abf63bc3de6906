import { mediumId, type UnreadMedium, type UnreadMediumStore } from "../../src/kernel/util/unread-medium.ts";

/** Unread media that no state stands behind. */
export function memoryUnreadMedia(): UnreadMediumStore {
  const kept = new Map<string, UnreadMedium>();
  return {
    get: async (key) => kept.get(mediumId(key)) ?? null,
    list: async (connectorId) => [...kept.values()].filter((medium) => medium.connectorId === connectorId),
    save: async (media) => {
      for (const medium of media) kept.set(mediumId(medium), medium);
    },
    remove: async (keys) => keys.filter((key) => kept.delete(mediumId(key))).length,
  };
}
