import { expect, test } from "vitest";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { contentTypeOfBytes, fileNameOf, namingFormat, readableFormats } from "./media-formats.ts";

const ftyp = (...brands: readonly string[]) => {
  const body = Buffer.from(`ftyp${brands[0]}\0\0\0\0${brands.slice(1).join("")}`, "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([length, body]).toString("latin1");
};
const hex = (digits: string) => Buffer.from(digits, "hex").toString("latin1");

test.each([
  ["audio", "an MP3 with tags", "ID3\u0004\0\0", "audio/mpeg"],
  ["audio", "an MP3 without", hex("fffb9064"), "audio/mpeg"],
  ["audio", "an MP3 of MPEG 2", hex("fff3"), "audio/mpeg"],
  ["audio", "AAC as a stream", hex("fff15080"), "audio/aac"],
  ["audio", "Ogg, Opus or Vorbis", "OggS", "audio/ogg"],
  ["audio", "WebM", hex("1a45dfa39f"), "audio/webm"],
  ["audio", "WAV", "RIFF\u0001\u0002\u0003\u0004WAVEfmt ", "audio/wav"],
  ["audio", "FLAC", "fLaC\0\0", "audio/flac"],
  ["audio", "a voice memo of an iPhone", ftyp("M4A ", "M4A ", "mp42", "isom"), "audio/mp4"],
  ["audio", "a recorder of Android", ftyp("mp42", "isom", "3gp4"), "audio/mp4"],
  ["audio", "another", ftyp("isom", "iso2", "mp41"), "audio/mp4"],
  ["audio", "QuickTime", ftyp("qt  "), "audio/mp4"],
  ["audio", "3GP", ftyp("3gp4", "isom"), "audio/3gpp"],
  ["audio", "AMR", "#!AMR\n", "audio/amr"],
  ["audio", "CAF", "caff\0\u0001", "audio/x-caf"],
  ["audio", "AIFF", "FORM\0\0\0\u0009AIFFCOMM", "audio/aiff"],
  ["image", "JPEG", hex("ffd8ffe0"), "image/jpeg"],
  ["image", "PNG", hex("89504e470d0a1a0a0000"), "image/png"],
  ["image", "WebP", "RIFF\u0001\u0002\u0003\u0004WEBPVP8 ", "image/webp"],
  ["image", "HEIC", ftyp("heic", "mif1", "heic"), "image/heic"],
  ["image", "HEIF by its general brand", ftyp("mif1", "mif1", "heic"), "image/heic"],
  ["image", "AVIF", ftyp("mif1", "avif", "miaf"), "image/avif"],
  ["image", "a sequence of pictures", ftyp("msf1", "mif1", "heic"), null],
  ["image", "a recording", ftyp("M4A "), null],
  ["image", "WAV", "RIFF\u0001\u0002\u0003\u0004WAVE", null],
  ["image", "PDF", "%PDF-1.7", null],
  ["image", "GIF", "GIF89a", null],
  ["audio", "WebP", "RIFF\u0001\u0002\u0003\u0004WEBP", null],
  ["audio", "HEIC", ftyp("heic"), null],
  ["audio", "a page", "<html>", null],
  ["audio", "bits of a frame alone", hex("ffff"), null],
  ["audio", "cut in its first bytes", "I", null],
  ["audio", "cut in the mark of its container", "\0\0\0\u0018ftyp", null],
  ["audio", "nothing", "", null],
] as const)("what should be %s and is %s is told by its first bytes", (kind, _, head, contentType) => {
  expect(contentTypeOfBytes(kind, Buffer.from(head, "latin1"))).toBe(contentType);
});

test("a file is named so that an endpoint knows its format, and people read what is read", () => {
  expect(fileNameOf("audio", "audio/mp4")).toBe("audio.m4a");
  expect(fileNameOf("image", "image/heic")).toBe("image.heic");
  expect(readableFormats("image")).toBe("JPEG, PNG, WebP, AVIF or HEIC");
});

const refused = (message: string, status = 400) =>
  new ConnectorError("MODEL_REQUEST_REFUSED", message, { subject: "hears@host", status });

test.each([
  ["Invalid file format. Supported formats: ['flac', 'mp3']", 400],
  ["You uploaded an unsupported image", 400],
  ["Could not decode the audio", 422],
  ["no", 415],
])("a refusal with the words %s and status %i is one of the format, with a hint", (words, status) => {
  expect(namingFormat(refused(words, status), "audio/3gpp")).toMatchObject({
    code: "MEDIA_FORMAT_REFUSED",
    message: `3GP is not taken: ${words}`,
    hint: expect.stringContaining("convert the medium at the source"),
  });
});

test("a refusal of a length or a content stays one, and so does an endpoint that is down", () => {
  const tooLong = refused("the recording is too long", 413);
  const busy = new ConnectorError("MODEL_BUSY", "unsupported");
  for (const error of [tooLong, busy]) expect(namingFormat(error, "audio/mp4")).toBe(error);
});
