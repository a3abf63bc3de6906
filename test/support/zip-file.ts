import { crc32, deflateRawSync } from "node:zlib";

/** What of a file in an archive is to be other than it is. */
interface Lie {
  isEncrypted?: boolean;
  method?: number;
  size?: number;
  packedSize?: number;
  crc?: number;
}

export interface ZippedFile extends Lie {
  name: string;
  content: string | Buffer;
}

/** A zip archive of these files, packed by deflate. */
export function zipOf(files: readonly ZippedFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, ...lie } of files) {
    const bytes = Buffer.from(content);
    const packed = lie.method === 0 ? bytes : deflateRawSync(bytes);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE((lie.isEncrypted === true ? 1 : 0) | 0x800, 2);
    fields.writeUInt16LE(lie.method ?? 8, 4);
    fields.writeUInt32LE(lie.crc ?? crc32(bytes), 10);
    fields.writeUInt32LE(lie.packedSize ?? packed.length, 14);
    fields.writeUInt32LE(lie.size ?? bytes.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.from("PK\u0001\u0002\u0014\u0000"), fields, place, Buffer.from(name));
    parts.push(Buffer.from("PK\u0003\u0004"), fields, Buffer.from(name), packed);
    at += 4 + fields.length + Buffer.byteLength(name) + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}
