/**
 * Loaded into a measured process before anything else: answers every message of its parent with the processor time that it has used. Threads
 * of the process load it as well, and have no parent to talk to.
 */
if (process.channel !== undefined) {
  process.on("message", () => process.send(process.cpuUsage()));
  process.channel.unref();
}
