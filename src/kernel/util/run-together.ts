/**
 * Runs tasks concurrently under one signal. The first failure aborts the others and is thrown once all have ended, so that no work
 * outlives the call.
 */
export async function runTogether(
  signal: AbortSignal,
  tasks: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const controller = new AbortController();
  const both = AbortSignal.any([signal, controller.signal]);
  let failure: { error: unknown } | undefined;
  await Promise.all(
    tasks.map((task) =>
      task(both).catch((error: unknown) => {
        failure ??= { error };
        controller.abort(error);
      }),
    ),
  );
  if (failure !== undefined) throw failure.error;
}

/** Closes all parts, even if some fail; then throws the first failure. */
export async function closeAll(parts: readonly { close(): Promise<void> }[]): Promise<void> {
  const results = await Promise.allSettled(parts.map((part) => part.close()));
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
