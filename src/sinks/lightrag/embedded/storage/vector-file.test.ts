import { expect, test } from "vitest";
import { atOnce } from "../../../../kernel/util/pieces.ts";
import { decodeVector, encodeVector, readVectorFile, rowBytes } from "./vector-file.ts";
import { normalised } from "./vector-matrix.ts";

const vector = Float32Array.of(0.5, -0.25, 0, 1);

test("vectors stand in the file as LightRAG writes them", () => {
  expect(decodeVector("eJxjsGDYwsDAYAMABVABKQ==")).toEqual(vector);
  expect(decodeVector(encodeVector(vector))).toEqual(vector);
  expect(rowBytes(normalised(vector)).toString("base64")).toBe("gnTfPoJ0X74AAAAAgnRfPw==");
});

test("a matrix is read however its rows and base64 groups meet", () => {
  for (const dimension of [1, 2, 3, 5, 64, 333]) {
    for (const rows of [0, 1, 2, 7, 1500]) {
      const values = Float32Array.from({ length: dimension * rows }, (_, i) => i / 7);
      const content = {
        embedding_dim: dimension,
        data: Array.from({ length: rows }, (_, i) => ({ __id__: `id-${i}` })),
        matrix: Buffer.from(values.buffer).toString("base64"),
      };
      const { matrix, records } = atOnce(readVectorFile(Buffer.from(JSON.stringify(content))));
      expect(records.length).toBe(rows);
      const read = Array.from({ length: rows }, (_, row) => [...matrix.row(row)]).flat();
      expect(read).toEqual([...values]);
    }
  }
});

test.each([
  ["no dimension", '{"data": [], "matrix": ""}'],
  ["fewer rows than records", '{"embedding_dim": 2, "data": [{"__id__": "a"}], "matrix": ""}'],
  ["a row cut short", '{"embedding_dim": 2, "data": [], "matrix": "AAAA"}'],
])("a file with %s is refused", (_case, text) => {
  expect(() => atOnce(readVectorFile(Buffer.from(text)))).toThrow(SyntaxError);
});
