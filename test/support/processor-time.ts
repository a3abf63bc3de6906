/** The processor time of this process since `start`, in milliseconds: how busy the machine is does not count. */
export function processorMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
