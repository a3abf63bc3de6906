/** The versions of LightRAG that the suites run against, and that the simulator claims to be: the newest of each generation. */
export const pinnedVersions = { "1.4": "1.4.16", "1.5": "1.5.7" } as const;
