import { BlockList, isIP } from "node:net";

/** Addresses and ranges (`127.0.0.1`, `10.1.0.0/16`, `fd00::/8`) as one set. Throws the error of `BlockList` for anything else. */
export function addressRanges(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = "", prefix] = range.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    list.addSubnet(address, prefix === undefined ? widthOf(family) : Number(prefix), family);
  }
  return list;
}

export function isAddressRange(range: string): boolean {
  const [address = "", prefix] = range.split("/");
  const version = isIP(address);
  if (version === 0 || range.split("/").length > 2) return false;
  const widest = widthOf(version === 6 ? "ipv6" : "ipv4");
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= widest);
}

const widthOf = (family: "ipv4" | "ipv6"): number => (family === "ipv6" ? 128 : 32);
