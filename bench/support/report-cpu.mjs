/** Loaded into a measured process before anything else: answers every message of its parent with the processor time that it has used. */
process.on("message", () => process.send(process.cpuUsage()));
process.channel.unref();
